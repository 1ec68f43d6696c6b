package io.metaie.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: the service, until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs the service: documents in, spans out (the same as no command).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Kafka is reached at KAFKA_BOOTSTRAP_SERVERS; without it the service brings its own broker",
            "(metaie.kafka.embedded, .embedded.port, .embedded.directory).",
            "Settings are system properties (in METAIE_JAVA_OPTS), environment variables, or lines of",
            "config/application.properties in the working directory."
        })
final class ServeCommand implements Callable<Integer> {

    private final Service service;

    @Mixin
    private ModelOption model = new ModelOption();

    ServeCommand(Service service) {
        this.service = service;
    }

    @Override
    public Integer call() {
        model.directory().ifPresent(directory -> System.setProperty("metaie.model", directory.toString()));
        return service.run();
    }
}
