package io.metaie.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TextFilesTest {

    private static final byte[] TEXT = "Ada Lovelace 🚀\nParis\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a.txt.gz", "a.jsonl.zst", "A.XZ"})
    void unpacksByName(String name) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = packing(name, Files.newOutputStream(file))) {
            out.write(TEXT);
        }
        try (TextFile text = TextFiles.open(file.toString(), InputStream.nullInputStream())) {
            assertEquals(new String(TEXT, StandardCharsets.UTF_8),
                    new String(text.content().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(1, text.fraction());
        }
    }

    private static OutputStream packing(String name, OutputStream out) throws IOException {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".gz" -> new GZIPOutputStream(out);
            case ".zst" -> new ZstdOutputStreamNoFinalizer(out);
            case ".XZ" -> new XZOutputStream(out, new LZMA2Options());
            default -> out;
        };
    }

    @Test
    void aDashIsStandardInputAndStaysOpen() throws IOException {
        InputStream in = new ByteArrayInputStream(TEXT) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        try (TextFile text = TextFiles.open("-", in)) {
            assertEquals(TEXT.length, text.content().readAllBytes().length);
            assertTrue(text.fraction() < 0);
        }
    }

    @Test
    void whatIsNotReadableIsNamed() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.gz"), "not packed");
        for (Path file : new Path[] {directory, directory.resolve("none"), broken}) {
            String message = assertThrows(IOException.class, () -> TextFiles.open(file)).getMessage();
            assertTrue(message.contains(file.toString()), message);
        }
    }
}
