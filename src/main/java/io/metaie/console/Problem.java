package io.metaie.console;

import jakarta.ws.rs.core.Response;

/**
 * What went wrong with a request, as RFC 9457 problem details.
 *
 * @param type names the kind of problem: {@code urn:metaie:problem:<reason>}
 * @param title the kind in words
 * @param status the HTTP status
 * @param detail what is wrong with this request
 */
public record Problem(String type, String title, int status, String detail) {

    /** The media type of problem details. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A problem of a kind. */
    static Problem of(String kind, Response.StatusType status, String detail) {
        return new Problem("urn:metaie:problem:" + kind, status.getReasonPhrase(), status.getStatusCode(), detail);
    }

    /** The problem as an answer. */
    static Response of(Response.StatusType status, String kind, String detail) {
        return Response.status(status).type(MEDIA_TYPE).entity(of(kind, status, detail)).build();
    }
}
