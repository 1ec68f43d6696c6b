package io.metaie.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Prints one record. */
@FunctionalInterface
interface RecordPrinter {

    void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) throws IOException;

    /** Prints the value's bytes as they are, and a line end. */
    static RecordPrinter value() {
        return (record, out) -> {
            if (record.value() == null) {
                out.print("null");
            } else {
                out.write(record.value());
            }
            out.write('\n');
        };
    }
}
