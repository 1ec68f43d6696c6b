package io.metaie.cli;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.smallrye.config.ConfigValidationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The command line: the service, and the commands round it. */
@Command(
        name = "metaie",
        description = "Streaming information extraction: documents arrive on Kafka, labelled spans leave on Kafka.%n"
                + "Without a command it runs the service.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class MetaieCommand implements Callable<Integer> {

    private static final String LOG_PATTERN = "%d{HH:mm:ss} %-5p [%c{1}] %s%e%n";

    private final ServeCommand serve;

    private MetaieCommand(ServeCommand serve) {
        this.serve = serve;
    }

    /** Every command there is. */
    private static List<Object> commands(Terminal terminal) {
        return List.of(
                new DemoCommand(terminal, new Service(terminal)),
                new ExtractCommand(terminal),
                new EvaluateCommand(terminal),
                new AdaptCommand(terminal),
                new TrainCommand(terminal),
                new DistillCommand(terminal),
                new ConvertCommand(terminal),
                new SendCommand(terminal),
                new TailCommand(terminal),
                new ControlCommand(terminal),
                new RedriveCommand(terminal));
    }

    /**
     * Runs one command line on this process' own terminal.
     *
     * @return the exit code: 0 done, 1 failed, 2 wrong usage
     */
    public static int run(String... args) {
        logToStandardError();
        return run(Terminal.system(), args);
    }

    static int run(Terminal terminal, String... args) {
        try {
            return commandLine(terminal).execute(args);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    static CommandLine commandLine(Terminal terminal) {
        ServeCommand serve = new ServeCommand(new Service(terminal));
        CommandLine line = new CommandLine(new MetaieCommand(serve));
        line.addSubcommand(serve);
        commands(terminal).forEach(line::addSubcommand);
        return line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((failure, given) -> usage(terminal, failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(terminal, failure));
    }

    @Override
    public Integer call() {
        return serve.call();
    }

    private static int usage(Terminal terminal, ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        terminal.message("metaie: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        command.usage(command.getErr(), CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Terminal terminal, Exception failure) {
        terminal.out().flush();
        if (failure instanceof CommandException || failure instanceof ConfigValidationException) {
            terminal.message("metaie: " + failure.getMessage());
        } else {
            terminal.message("metaie: unexpected failure");
            failure.printStackTrace(terminal.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Until Quarkus sets up its own logging, and for commands that never start it, warnings go to standard error. */
    private static void logToStandardError() {
        Logger.getLogger("").setLevel(Level.WARN);
        for (String library : new String[] {"org.apache.kafka", "kafka", "ai.djl", "io.vertx"}) {
            Logger.getLogger(library).setLevel(Level.ERROR); // what matters of it, commands say themselves
        }
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {
            new ConsoleHandler(ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter(LOG_PATTERN))
        });
    }
}
