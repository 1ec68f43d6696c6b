package io.metaie.distillation;

import java.util.Optional;

/**
 * What the teacher is asked.
 *
 * @param key under which the answer is kept
 * @param sentence what it is about
 * @param system what the teacher is told beforehand, if anything
 * @param message what it is told
 */
public record Question(String key, String sentence, Optional<String> system, String message) {

    /** The question about a sentence. */
    public static Question of(Template template, String model, String sentence) {
        return new Question(template.key(model, sentence), sentence, template.system(), template.about(sentence));
    }
}
