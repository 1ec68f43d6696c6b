package io.metaie.console;

import io.metaie.record.Reason;
import io.metaie.record.RejectedDocumentException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;

/** Reads the body of a request, and no more of it than is allowed; and leaves bodies that nobody reads. */
final class BoundedBody {

    /** So much of what is too large is read and dropped: a client that is still sending would not see the answer. */
    private static final long DROPPED = 64L << 20;

    private static final int BUFFER = 1 << 14;

    private BoundedBody() {}

    /**
     * Reads a body, whatever the client says or does not say of its length.
     *
     * @param what what it is, for people
     * @throws RejectedDocumentException when there are more than {@code maxBytes}
     * @throws IOException when the client goes away
     */
    static byte[] read(HttpServerRequest request, InputStream body, int maxBytes, String what) throws IOException {
        long said = length(request);
        if (said <= maxBytes) {
            byte[] value = body.readNBytes(maxBytes + 1);
            if (value.length <= maxBytes) {
                return value;
            }
        }
        leave(request, body, said > maxBytes);
        throw new RejectedDocumentException(
                Reason.TOO_LARGE, "the " + what + " has more than the " + maxBytes + " bytes that are allowed");
    }

    /**
     * Leaves a body unread, so that the answer is seen and the next request on the connection is understood.
     *
     * @throws IOException when the client goes away
     */
    static void leave(HttpServerRequest request, InputStream body) throws IOException {
        leave(request, body, true);
    }

    /** @param untouched nothing of it was read */
    private static void leave(HttpServerRequest request, InputStream body, boolean untouched) throws IOException {
        boolean waitsForLeave = untouched && request.getHeader(HttpHeaders.EXPECT) != null;
        if (waitsForLeave || length(request) > DROPPED || !drop(body)) {
            // What is left of the body would be taken for the next request.
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                    .bodyEndHandler(answered -> request.connection().close());
        }
    }

    /** What the client says of the length; 0 when it says nothing. */
    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // the server has let no other than a number pass
    }

    /** Reads and drops the rest. Whether that was all of it. */
    private static boolean drop(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long dropped = 0;
        int n = body.read(buffer);
        for (; n >= 0 && dropped < DROPPED; n = body.read(buffer)) {
            dropped += n;
        }
        return n < 0;
    }
}
