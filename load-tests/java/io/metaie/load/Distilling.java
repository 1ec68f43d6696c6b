package io.metaie.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Requests of one new sentence each for the teacher, at a constant rate. */
final class Distilling {

    private static final int A_SECOND = 20;

    private Distilling() {}

    static Beside on(Target target) {
        Producer<byte[], byte[]> producer = target.clients().producer("load-requests", Map.of());
        String run = UUID.randomUUID().toString().substring(0, 8);
        int[] sent = {0};
        Looping loop = new Looping("requests", running -> {
            String text = "The sentence of number " + run + " " + sent[0]++ + ".";
            producer.send(new ProducerRecord<>(target.topics().distillationRequests(), text.getBytes(UTF_8)));
            running.pause(1.0 / A_SECOND);
        });
        return () -> {
            loop.close();
            producer.close();
        };
    }
}
