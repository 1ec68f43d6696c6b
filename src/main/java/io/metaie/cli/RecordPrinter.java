package io.metaie.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Prints one record. */
@FunctionalInterface
interface RecordPrinter {

    void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) throws IOException;

    /** Prints the value's bytes on one line: line breaks in JSON, such as those of pretty metadata, are blanks. */
    static RecordPrinter value() {
        return (record, out) -> {
            if (record.value() == null) {
                out.print("null");
            } else {
                out.write(oneLine(record.value()));
            }
            out.write('\n');
        };
    }

    private static byte[] oneLine(byte[] value) {
        byte[] line = value.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }
}
