package io.metaie.rendering;

import io.metaie.extraction.Extraction;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Extractions as one HTML page that needs nothing else: texts with their spans marked, relations, and a checkbox for
 * each label. There is no script in it, and its content security policy allows none, nor any style but its own. The
 * documents wait in a temporary file until all labels are known.
 */
public final class HtmlPage implements Closeable {

    private static final String CSS = resource("page.css");

    private final Path file;
    private final BufferedWriter body;
    private final PageLabels labels = new PageLabels();
    private int documents;
    private int spans;
    private String model = "";

    public HtmlPage() throws IOException {
        file = Files.createTempFile("metaie-page", ".html");
        body = Files.newBufferedWriter(file);
    }

    /** Adds a document and its extraction. */
    public void add(String text, Extraction extraction) throws IOException {
        documents++;
        spans += extraction.spans().size();
        model = extraction.model();
        body.write(new HtmlArticle(documents, labels).render(text, extraction));
    }

    /** Writes the page, UTF-8. */
    public void writeTo(OutputStream out) throws IOException {
        body.flush();
        String style = CSS + labels.css();
        String title = counted(documents, "document") + ", " + counted(spans, "span");
        StringBuilder head = new StringBuilder("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; \
                base-uri 'none'; form-action 'none'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>MetaIE: %s</title>
                <style>%s</style>
                </head>
                <body>
                <header>
                <h1>MetaIE</h1>
                <p>%s%s</p>
                """.formatted(sha256(style), title, style, title, model.isEmpty() ? "" : " · " + Html.escape(model)));
        head.append(labels.controls()).append("</header>\n<main>\n");
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        Files.copy(file, out);
        out.write("</main>\n</body>\n</html>\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try {
            body.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
