package io.metaie.service;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionObserver;
import io.metaie.extraction.ExtractionRequest;
import org.jboss.logging.Logger;

/** Says of every document, at DEBUG, what was made of it: by its id, and without a word of its text. */
final class FollowedDocuments implements ExtractionObserver {

    private static final Logger LOG = Logger.getLogger(FollowedDocuments.class);

    @Override
    public void stage(Stage stage, long nanos) {
        // Of which document a stage is, is not told.
    }

    @Override
    public void extracted(ExtractionRequest request, Extraction extraction, int queries) {
        if (LOG.isDebugEnabled()) {
            LOG.debugf("Document %s is read: task %s, %d sentences, %d queries, %d spans by %s", printable(extraction.documentId()),
                    printable(request.task().orElse("none")), extraction.sentences(), queries, extraction.spans().size(),
                    extraction.adapter().orElse(extraction.model()));
        }
    }

    /** A line of the log stays one, whatever a document calls itself. */
    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
