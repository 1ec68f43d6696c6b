package io.metaie;

import io.metaie.cli.MetaieCommand;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Where the process begins. What is to be done is decided here, before Quarkus boots: a command such as {@code extract}
 * needs no service, and the service needs its broker before Quarkus opens the channels.
 */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        int code = MetaieCommand.run(args);
        // In development mode this method returns at every reload, and the process lives on.
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            System.exit(code);
        }
    }
}
