package io.metaie.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A broker that only takes clients over TLS, by name and password, and lets them do only what ACLs allow; the user
 * {@code admin} may do everything.
 */
public final class SecuredBroker implements AutoCloseable {

    public static final String ADMIN = "admin";

    private static final String PASSWORD = "changeit";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final Path trusted;
    private final EmbeddedBroker broker;

    private SecuredBroker(Path trusted, EmbeddedBroker broker) {
        this.trusted = trusted;
        this.broker = broker;
    }

    /**
     * Starts one with certificates made for it.
     *
     * @param users who may come, each with a password of its own
     */
    public static SecuredBroker start(Path directory, List<String> users) throws IOException, InterruptedException {
        Path keys = directory.resolve("broker.p12");
        Path trusted = directory.resolve("trusted.p12");
        Path certificate = directory.resolve("broker.pem");
        keytool("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=127.0.0.1",
                "-ext", "san=ip:127.0.0.1", "-validity", "2", "-keystore", keys.toString(), "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "broker", "-file", certificate.toString(), "-keystore", keys.toString(),
                "-storepass", PASSWORD);
        keytool("-importcert", "-noprompt", "-alias", "broker", "-file", certificate.toString(), "-keystore", trusted.toString(),
                "-storepass", PASSWORD);
        StringBuilder login = new StringBuilder(LOGIN + " username=\"admin\" password=\"" + password(ADMIN) + "\" user_admin=\""
                + password(ADMIN) + "\"");
        users.forEach(user -> login.append(" user_").append(user).append("=\"").append(password(user)).append('"'));
        return new SecuredBroker(trusted, EmbeddedBroker.start(directory.resolve("data"), 0, usual -> {
            Map<String, String> settings = new HashMap<>(usual);
            for (String key : List.of("listeners", "advertised.listeners")) {
                settings.put(key, usual.get(key).replace("PLAINTEXT://", "SECURED://"));
            }
            settings.put("listener.security.protocol.map", "SECURED:SASL_SSL,CONTROLLER:PLAINTEXT");
            settings.put("inter.broker.listener.name", "SECURED");
            settings.put("sasl.enabled.mechanisms", "PLAIN");
            settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
            settings.put("listener.name.secured.plain.sasl.jaas.config", login + ";");
            settings.put("ssl.keystore.location", keys.toString());
            settings.put("ssl.keystore.password", PASSWORD);
            settings.put("ssl.truststore.location", trusted.toString());
            settings.put("ssl.truststore.password", PASSWORD);
            settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            settings.put("allow.everyone.if.no.acl.found", "false");
            // The controller listens to nobody but this process.
            settings.put("super.users", "User:admin;User:ANONYMOUS");
            return settings;
        }));
    }

    private static String password(String user) {
        return "secret of " + user;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + said);
        }
    }

    public String bootstrap() {
        return broker.bootstrap();
    }

    /** What a user's clients must be told, by Kafka's names. */
    public Map<String, String> settings(String user) {
        return new TreeMap<>(Map.of(
                "bootstrap.servers", bootstrap(),
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", LOGIN + " username=\"" + user + "\" password=\"" + password(user) + "\";",
                "ssl.truststore.location", trusted.toString(),
                "ssl.truststore.password", PASSWORD));
    }

    /** The same as a file for Kafka's own scripts. */
    public Path file(String user) {
        StringBuilder lines = new StringBuilder();
        settings(user).forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
        try {
            return Files.writeString(trusted.resolveSibling(user + ".properties"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
