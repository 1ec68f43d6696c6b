package io.metaie.load;

import io.metaie.testing.Browser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How soon the console shows something, in Debian's Chromium without a window and with an empty cache (a new profile each
 * time), over the loopback address: the browser's own times, from the beginning of the navigation. And how much
 * JavaScript it reads for that, uncompressed. Each page several times in turn, while nothing else is asked of the service.
 *
 * <p>{@code load-tests/run FirstPaint [LOADS]}
 */
public final class FirstPaint {

    private static final List<String> PAGES = List.of("/", "/#/try", "/#/tasks", "/#/teach", "/#/dead-letters", "/#/distillation");
    private static final String TIMES = "return Object.fromEntries(performance.getEntriesByType('paint')"
            + ".map(paint => [paint.name, paint.startTime]).concat(performance.getEntriesByType('navigation')"
            + ".map(load => ['load', load.loadEventEnd])))";
    private static final String SCRIPTS = "return performance.getEntriesByType('resource')"
            + ".filter(read => /\\.m?js$/.test(new URL(read.name).pathname)).map(read => read.decodedBodySize)";

    private FirstPaint() {}

    public static void main(String[] args) throws Exception {
        System.out.println(Machine.describe());
        int loads = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        System.out.printf("each page %d times, a new browser each time%n%n", loads);
        System.out.println("| page | first paint, ms, median | first contentful paint, ms, median | most | loaded, ms, median |"
                + " scripts | JavaScript, bytes |");
        System.out.println("| --- |" + " --- |".repeat(6));
        try (Service service = Service.start()) {
            for (String page : PAGES) {
                measure(service, page, loads);
            }
        }
    }

    private static void measure(Service service, String page, int loads) {
        List<Double> paints = new ArrayList<>();
        List<Double> contents = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        List<?> scripts = List.of();
        for (int i = 0; i < loads; i++) {
            try (Browser browser = new Browser(service.url())) {
                browser.open(page).await("paint", () -> times(browser).keySet().containsAll(
                        List.of("first-paint", "first-contentful-paint")) && times(browser).get("load").doubleValue() > 0);
                Map<String, Number> times = times(browser);
                paints.add(times.get("first-paint").doubleValue());
                contents.add(times.get("first-contentful-paint").doubleValue());
                ends.add(times.get("load").doubleValue());
                scripts = (List<?>) browser.script(SCRIPTS);
            }
        }
        System.out.printf(Locale.ROOT, "| `%s` | %.0f | %.0f | %.0f | %.0f | %d | %,d |%n", page, Throughput.median(paints),
                Throughput.median(contents), contents.stream().max(Double::compare).orElseThrow(), Throughput.median(ends),
                scripts.size(), scripts.stream().mapToLong(bytes -> ((Number) bytes).longValue()).sum());
    }

    @SuppressWarnings("unchecked") // what the script makes
    private static Map<String, Number> times(Browser browser) {
        return (Map<String, Number>) browser.script(TIMES);
    }
}
