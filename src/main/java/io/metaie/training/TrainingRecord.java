package io.metaie.training;

/**
 * An annotated sentence, kept small: there are hundreds of thousands.
 *
 * @param text the sentence
 * @param labels numbers of the labels asked of it, in the {@link Corpus}
 * @param spans three numbers a span: the index of its label in {@code labels}, and its UTF-16 offsets, end exclusive
 * @param pool number of the pool that further labels, which it does not have, are drawn from
 */
record TrainingRecord(String text, int[] labels, int[] spans, int pool) {}
