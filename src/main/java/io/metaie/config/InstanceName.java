package io.metaie.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How this instance is called among all of the application. */
public final class InstanceName {

    private InstanceName() {}

    /** The configured name, else the host's. */
    public static String of(MetaieConfig config) {
        return config.instance().filter(name -> !name.isBlank()).orElseGet(InstanceName::host);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("this host has no name of its own: set metaie.instance", e);
        }
    }
}
