package io.metaie.distillation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the teacher is told about a sentence.
 *
 * @param system what it is told beforehand, if anything
 * @param user the message; {@value #SENTENCE} stands for the sentence
 */
public record Template(Optional<String> system, String user) {

    /** The place of the sentence. */
    public static final String SENTENCE = "{sentence}";

    /** The prompt of the paper (MetaIE, section 4.1, arXiv:2404.00457). */
    public static final String PAPER = "Extract some short important information from the following sentence:\n"
            + SENTENCE + "\nImportant information (Format: - <label>: <span>):";

    /** @throws IllegalArgumentException when the message has no place for the sentence */
    public Template {
        if (!user.contains(SENTENCE)) {
            throw new IllegalArgumentException("the template has no " + SENTENCE);
        }
    }

    /** The message about a sentence, which is literal, whatever it holds. */
    public String about(String sentence) {
        return user.replace(SENTENCE, sentence);
    }

    /**
     * Under which name the answer is kept: the same whenever the same model is told the same about the same sentence.
     *
     * @return 64 hex digits
     */
    public String key(String model, String sentence) {
        return sha256(model, system.orElse(""), user, sentence);
    }

    /** A sentence's name: 64 hex digits. */
    public static String hash(String sentence) {
        return sha256(sentence);
    }

    /** SHA-256 of texts, each with its length in front, so that no two lists of texts are the same bytes. */
    private static String sha256(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (texts.length > 1) {
                    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                }
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
