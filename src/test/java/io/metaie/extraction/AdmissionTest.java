package io.metaie.extraction;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private final Admission admission = new Admission(10);

    @Test
    void documentsEnterWhileTheyFit() {
        CompletableFuture<Admission.Permit> first = admission.enter(6, false);
        CompletableFuture<Admission.Permit> second = admission.enter(5, false);
        assertTrue(first.isDone());
        assertFalse(second.isDone());
        first.join().close();
        assertTrue(second.isDone());
    }

    @Test
    void aPermitGivesItsRoomBackOnce() {
        Admission.Permit permit = admission.enter(10, false).join();
        permit.close();
        permit.close();
        admission.enter(10, false).join();
        assertFalse(admission.enter(1, false).isDone());
    }

    @Test
    void interactiveDocumentsGoFirst() {
        Admission.Permit all = admission.enter(10, false).join();
        CompletableFuture<Admission.Permit> stream = admission.enter(10, false);
        CompletableFuture<Admission.Permit> interactive = admission.enter(10, true);
        all.close();
        assertTrue(interactive.isDone());
        assertFalse(stream.isDone());
    }

    @Test
    void aDocumentLargerThanEverythingEntersAlone() {
        Admission.Permit small = admission.enter(1, false).join();
        CompletableFuture<Admission.Permit> huge = admission.enter(1000, false);
        assertFalse(huge.isDone());
        small.close();
        assertTrue(huge.isDone());
        assertFalse(admission.enter(1, false).isDone());
    }

    @Test
    void whoGivesUpBlocksNobody() {
        Admission.Permit all = admission.enter(10, false).join();
        CompletableFuture<Admission.Permit> cancelled = admission.enter(10, false);
        CompletableFuture<Admission.Permit> next = admission.enter(10, false);
        cancelled.cancel(false);
        all.close();
        assertTrue(next.isDone());
    }
}
