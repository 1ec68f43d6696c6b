package io.metaie.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteLinesTest {

    @Test
    void linesEndAtLfOrCrLf() throws IOException {
        assertEquals(List.of("a", "", "b\rc", "d"), lines("a\r\n\nb\rc\nd"));
        assertEquals(List.of("a"), lines("a\n"));
        assertEquals(List.of(), lines(""));
        assertEquals(List.of("\u00ff\u00fe"), lines("\u00ff\u00fe\n"));
    }

    @Test
    void onlyTheFirstByteOrderMarkIsTakenAway() throws IOException {
        String mark = "\u00ef\u00bb\u00bf";
        assertEquals(List.of("a", mark + "b"), lines(mark + "a\n" + mark + "b"));
        assertEquals(List.of("\u00ef"), lines("\u00ef"));
    }

    private static List<String> lines(String bytes) throws IOException {
        List<String> lines = new ArrayList<>();
        try (ByteLines source = new ByteLines(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)))) {
            for (Optional<byte[]> line = source.next(); line.isPresent(); line = source.next()) {
                lines.add(new String(line.get(), ISO_8859_1));
                assertEquals(lines.size(), source.number());
            }
        }
        return lines;
    }
}
