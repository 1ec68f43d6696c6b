package io.metaie.distillation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;

/**
 * Books in a file that is only ever appended to, one entry a line: {@code {"key", "kept": …}} for an answer, {@code
 * {"spent"}} for a call that brought none. Whoever opens it again has the answers and knows what was spent. Half a line, as
 * a crash leaves it at the end, is cut off.
 */
public final class AnswerFile implements Books, Closeable {

    private static final ObjectReader JSON = new JsonMapper().reader();
    /** The budget is the file's, whatever the month. */
    private static final Instant ALWAYS = Instant.EPOCH;

    private final String model;
    private final OptionalDouble budget;
    private final RandomAccessFile file;
    private final Map<String, Line> lines = new HashMap<>();
    private final Spending spending = new Spending();
    private long holds;

    private record Line(long start, int length) {}

    /**
     * Opens or creates the file.
     *
     * @param budget USD, over all runs that use the file
     */
    public AnswerFile(Path path, String model, OptionalDouble budget) throws IOException {
        this.model = model;
        this.budget = budget;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        try {
            read();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void read() throws IOException {
        WholeLines.forEach(file, (start, bytes) -> {
            JsonNode json = JSON.readTree(bytes);
            Optional<KeptAnswer> kept = KeptAnswer.read(json.path("kept"));
            if (kept.isPresent()) {
                lines.put(json.path("key").asText(), new Line(start, bytes.length));
            }
            spending.spend(kept.map(KeptAnswer::cost).orElse(json.path("spent").doubleValue()), ALWAYS);
        });
    }

    /** USD spent so far, in this run and those before. */
    public double spent() {
        return spending.spent(ALWAYS);
    }

    /** How many answers there are. */
    public synchronized int answers() {
        return lines.size();
    }

    @Override
    public synchronized CompletableFuture<Optional<TeacherAnswer>> find(String key) {
        Optional<Line> line = Optional.ofNullable(lines.get(key));
        try {
            if (line.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            byte[] bytes = new byte[line.get().length()];
            file.seek(line.get().start());
            file.readFully(bytes);
            return CompletableFuture.completedFuture(
                    KeptAnswer.read(JSON.readTree(bytes).path("kept")).map(KeptAnswer::answer));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new UncheckedIOException(e));
        }
    }

    @Override
    public synchronized CompletableFuture<Hold> hold(double most) {
        String id = String.valueOf(holds++);
        if (budget.isPresent() && !spending.reserve(id, most, budget.getAsDouble(), ALWAYS)) {
            return CompletableFuture.failedFuture(new TeacherException(TeacherException.Fault.BUDGET, String.format(
                    Locale.ROOT, "the budget of %.4f USD is spent: %.4f USD are, and a call may cost %.4f USD",
                    budget.getAsDouble(), spent(), most)));
        }
        return CompletableFuture.completedFuture(new Amount(id));
    }

    private final class Amount implements Hold {

        private final String id;

        Amount(String id) {
            this.id = id;
        }

        @Override
        public CompletableFuture<Void> answered(Question question, TeacherAnswer answer, double cost) {
            KeptAnswer kept = new KeptAnswer(model, question.sentence(), answer, cost, Instant.now());
            return book(cost, "{\"key\":\"" + question.key() + "\",\"kept\":" + kept.toJson() + "}", Optional.of(question.key()));
        }

        @Override
        public void lost(double cost) {
            book(cost, String.format(Locale.ROOT, "{\"spent\":%s}", cost), Optional.empty());
        }

        private CompletableFuture<Void> book(double cost, String line, Optional<String> key) {
            synchronized (AnswerFile.this) {
                spending.spend(cost, ALWAYS);
                spending.release(id);
                try {
                    byte[] bytes = line.getBytes(UTF_8);
                    long start = append(line + "\n");
                    key.ifPresent(of -> lines.put(of, new Line(start, bytes.length)));
                    return CompletableFuture.completedFuture(null);
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(new UncheckedIOException(e));
                }
            }
        }

        @Override
        public void release() {
            spending.release(id);
        }
    }

    /** @return where it begins; nothing of it is left when the disk is full, or what is written next would not be read */
    private long append(String line) throws IOException {
        long start = file.length();
        try {
            file.seek(start);
            file.write(line.getBytes(UTF_8));
            return start;
        } catch (IOException e) {
            file.setLength(start);
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
