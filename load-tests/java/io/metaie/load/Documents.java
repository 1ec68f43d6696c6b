package io.metaie.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What arrives: the text and the labels of the i-th document.
 *
 * @param sentences sentences a document
 * @param labels labels a sentence
 * @param form how the i-th document is written
 */
record Documents(int sentences, int labels, Form form) {

    /** Texts that are not the same; then the first comes again. */
    private static final int SENTENCES = 4_000;

    /** Writes a document under an id. */
    interface Form {
        String json(String id, int i);
    }

    /** The first labels of twenty. */
    static List<String> labels(int count) {
        return Texts.LABELS.subList(0, count);
    }

    /** Documents that bring their labels. */
    static Documents labelled(int sentences, int labels) throws IOException {
        List<String> texts = texts(sentences);
        List<String> asked = labels(labels);
        return new Documents(sentences, labels, (id, i) -> Texts.document(id, texts.get(i % texts.size()), asked));
    }

    /** One-sentence documents of tasks in turn. */
    static Documents ofTasks(List<String> tasks, int labels) throws IOException {
        List<String> texts = texts(1);
        return new Documents(1, labels,
                (id, i) -> Texts.document(id, texts.get(i % texts.size()), tasks.get(i % tasks.size())));
    }

    private static List<String> texts(int sentences) throws IOException {
        List<String> all = Texts.sentences(SENTENCES);
        List<String> texts = new ArrayList<>();
        for (int from = 0; from + sentences <= all.size(); from += sentences) {
            texts.add(String.join(" ", all.subList(from, from + sentences)));
        }
        return texts;
    }

    /** Queries a document, about: a very long sentence takes more than one a label. */
    int queries() {
        return sentences * labels;
    }
}
