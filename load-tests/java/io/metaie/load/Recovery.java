package io.metaie.load;

import java.util.List;
import java.util.Locale;

/**
 * How long the service is away: from start to ready, and from SIGKILL under load, started again at once, to the first
 * new extraction.
 *
 * <p>{@code load-tests/run Recovery [TIMES]}
 */
public final class Recovery {

    private Recovery() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        List<String> sentences = Texts.sentences(2_000);
        try (Service service = Service.start()) {
            System.out.println("| run | start to ready, s | SIGKILL to first new extraction, s |");
            System.out.println("| --- | --- | --- |");
            int id = 0;
            for (int run = 1; run <= times; run++) {
                for (String sentence : sentences) {
                    service.send(Texts.document(id++, sentence, List.of("Person", "Location")), System.currentTimeMillis());
                }
                service.flush();
                int[] left = {sentences.size()};
                service.follow((key, nanos) -> --left[0] > sentences.size() / 2);
                service.kill();
                long killed = System.nanoTime();
                service.launch();
                // What was committed before the kill is read while the service starts; all behind it is new.
                left[0] -= service.readCommitted();
                service.awaitReady();
                double ready = (System.nanoTime() - killed) / 1e9;
                double[] away = {0};
                service.follow((key, nanos) -> {
                    away[0] = away[0] == 0 ? (nanos - killed) / 1e9 : away[0];
                    return --left[0] > 0;
                });
                System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f |%n", run, ready, away[0]);
            }
        }
    }
}
