package io.metaie.extraction;

/**
 * A sentence of a document that was read.
 *
 * @param start offset of the first UTF-16 unit in the document's text
 * @param end offset behind the last UTF-16 unit
 * @param uncertainty 0 when the model was sure of every tag: the mean, over all words and all labels asked of the sentence
 *     itself, of {@code -ln p} of the tag chosen. This is least confidence normalised by length (MNLP; Shen et al., Deep
 *     Active Learning for Named Entity Recognition, ICLR 2018, arXiv:1707.05928), with a mean over labels
 */
public record ReadSentence(int start, int end, double uncertainty) {}
