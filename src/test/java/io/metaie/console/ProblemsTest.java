package io.metaie.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemsTest {

    static Stream<Arguments> whatMustBeSaid() {
        return Stream.of(
                Arguments.of(new NotAuthorizedException("Bearer"), "WWW-Authenticate", "Bearer"),
                Arguments.of(new ServiceUnavailableException(5L), "Retry-After", "5"),
                Arguments.of(new NotAllowedException("GET"), "Allow", "GET"));
    }

    @ParameterizedTest
    @MethodSource("whatMustBeSaid")
    void aStatusSaysWhatItMustSayBesideItself(WebApplicationException thrown, String header, String value) {
        Response problem = new Problems().http(thrown);
        assertEquals(thrown.getResponse().getStatus(), problem.getStatus());
        assertEquals(Problem.MEDIA_TYPE, problem.getMediaType().toString());
        assertEquals(value, problem.getHeaderString(header));
    }

    @Test
    void nothingElseOfTheExceptionIsTold() {
        Response problem = new Problems().http(new NotFoundException(
                "a secret", Response.status(Response.Status.NOT_FOUND).header("X-Inner", "a secret").build()));
        assertEquals("Not Found", assertInstanceOf(Problem.class, problem.getEntity()).detail());
        assertEquals(null, problem.getHeaderString("X-Inner"));
    }
}
