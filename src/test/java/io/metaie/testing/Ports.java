package io.metaie.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for tests. */
public final class Ports {

    private Ports() {}

    /** A port of the loopback address that was free just now. */
    public static int free() {
        try (ServerSocket socket = taken()) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A socket that keeps a port of the loopback address until it is closed. */
    public static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
