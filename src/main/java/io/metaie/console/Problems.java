package io.metaie.console;

import io.metaie.control.InvalidCommandException;
import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.AdapterMissingException;
import io.metaie.tagging.TaggerUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what goes wrong into problem details: no stack trace, no path, no class name ever leaves. */
class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    /** What some statuses must say beside themselves: what would be allowed, how to ask, and when again. */
    private static final List<String> TOLD = List.of(HttpHeaders.ALLOW, HttpHeaders.WWW_AUTHENTICATE, HttpHeaders.RETRY_AFTER);

    @ServerExceptionMapper
    Response rejected(RejectedDocumentException e) {
        Status status = e.reason() == Reason.TOO_LARGE ? Status.REQUEST_ENTITY_TOO_LARGE : Status.BAD_REQUEST;
        return Problem.of(status, e.reason().wireName(), e.getMessage());
    }

    @ServerExceptionMapper
    Response unavailable(TaggerUnavailableException e) {
        // Under overload every request would be a line; a device that fails is told by readiness and the lanes.
        LOG.debugf("A request was answered with 503: %s", e.getMessage());
        return Response.fromResponse(Problem.of(Status.SERVICE_UNAVAILABLE, "unavailable", "the model is busy or not available; try again"))
                .header(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    @ServerExceptionMapper
    Response command(InvalidCommandException e) {
        return Problem.of(Status.BAD_REQUEST, "invalid-command", e.getMessage());
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        Response.ResponseBuilder problem = Response.fromResponse(Problem.of(
                status, status.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-'), status.getReasonPhrase()));
        for (String header : TOLD) {
            Object value = e.getResponse().getHeaders().getFirst(header);
            if (value != null) {
                problem.header(header, value);
            }
        }
        return problem.build();
    }

    /** Whoever sent the request has gone, or sends no HTTP: nobody reads this answer. */
    @ServerExceptionMapper
    Response unread(IOException e) {
        LOG.debugf(e, "The body of a request could not be read");
        return Problem.of(Status.BAD_REQUEST, "unreadable-body", "the body of the request could not be read");
    }

    @ServerExceptionMapper
    Response failed(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof RejectedDocumentException rejection) {
            return rejected(rejection);
        }
        if (cause instanceof TaggerUnavailableException unavailable) {
            return unavailable(unavailable);
        }
        if (cause instanceof AdapterMissingException gone) {
            // Its task was deleted, or fell back, between the question and its turn: asked again it is another question.
            return unavailable(new TaggerUnavailableException(gone.getMessage(), gone));
        }
        LOG.error("A request failed and was answered with 500", cause);
        return Problem.of(Status.INTERNAL_SERVER_ERROR, Reason.FAILED.wireName(), "the request failed; the log says why");
    }
}
