package io.metaie.extraction;

import io.metaie.extraction.ExtractionObserver.Stage;
import io.metaie.record.RejectedDocumentException;
import io.metaie.tagging.Adapters;
import io.metaie.tagging.MicroBatcher;
import io.metaie.tagging.Query;
import io.metaie.tagging.Source;
import io.metaie.tagging.Tags;
import io.metaie.tagging.WordEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Document in, extraction out: splits the text, asks its labels stage by stage, and gathers the spans. Asynchronous: no
 * thread waits for the model.
 */
public final class Extractor {

    private final String model;
    private final WordEncoder encoder;
    private final MicroBatcher batcher;
    private final Adapters adapters;
    private final Admission admission;
    private final int maxQueries;
    private final Executor executor;
    private final ExtractionObserver observer;

    /**
     * @param model how answers name the model
     * @param adapters has every document's adapter ready before its first query
     * @param maxQueries a document that needs more, all stages included, is rejected
     * @param executor runs what is not inference: splitting, encoding, decoding
     */
    public Extractor(
            String model,
            WordEncoder encoder,
            MicroBatcher batcher,
            Adapters adapters,
            Admission admission,
            int maxQueries,
            Executor executor,
            ExtractionObserver observer) {
        this.model = model;
        this.encoder = encoder;
        this.batcher = batcher;
        this.adapters = adapters;
        this.admission = admission;
        this.maxQueries = maxQueries;
        this.executor = executor;
        this.observer = observer;
    }

    /**
     * Answers a document. Cancelling the future drops the queries that have not run yet.
     *
     * @return fails with {@link RejectedDocumentException} when the document cannot be answered, with
     *     {@link io.metaie.tagging.TaggerUnavailableException} when the device is at fault, with
     *     {@link io.metaie.tagging.AdapterMissingException} when its adapter cannot be had
     */
    public CompletableFuture<Extraction> extract(ExtractionRequest request, Source source) {
        Call call = new Call(request, source);
        call.hold();
        return call.result;
    }

    /** Where documents are worked on. */
    Executor executor() {
        return executor;
    }

    /** One document on its way. Every step runs on the executor, one after the other. */
    private final class Call {
        private final ExtractionRequest request;
        private final Source source;
        private final CompletableFuture<Extraction> result = new CompletableFuture<>();
        private volatile CompletableFuture<?> waiting = result;

        Call(ExtractionRequest request, Source source) {
            this.request = request;
            this.source = source;
            result.whenComplete((extraction, e) -> {
                if (e instanceof CancellationException) {
                    waiting.cancel(false);
                }
            });
        }

        /** Before anything else: from now on the adapter stays, whatever becomes of its task. */
        void hold() {
            adapters.hold(request.adapter()).whenComplete((hold, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
                } else {
                    result.whenComplete((extraction, e) -> hold.close());
                    guarded(() -> executor.execute(this::start));
                }
            });
        }

        private void start() {
            guarded(() -> {
                DocumentWork work = timed(Stage.TOKENIZE, () -> new DocumentWork(request, encoder, maxQueries));
                // Queries take far more memory than text: they are laid out only once there is room for them.
                CompletableFuture<Admission.Permit> entrance = admission.enter(work.queries(), source.interactive());
                whenCancelled(entrance);
                entrance.whenCompleteAsync((permit, failure) -> {
                    if (failure == null) {
                        result.whenComplete((extraction, e) -> permit.close());
                        guarded(() -> ask(work, timed(Stage.TOKENIZE, work::begin)));
                    }
                }, executor);
            });
        }

        private <T> T timed(Stage stage, Supplier<T> step) {
            long start = System.nanoTime();
            try {
                return step.get();
            } finally {
                observer.stage(stage, System.nanoTime() - start);
            }
        }

        private void ask(DocumentWork work, List<DocumentWork.Posed> posed) {
            if (posed.isEmpty()) {
                Extraction extraction = work.finish(model);
                if (result.complete(extraction)) {
                    observer.extracted(request, extraction, work.queries());
                    if (!source.interactive()) { // what somebody asks about is nobody else's to read
                        observer.read(request, work.sentences());
                    }
                }
                return;
            }
            List<Query> queries = new ArrayList<>(posed.size());
            posed.forEach(one -> queries.addAll(one.question().queries()));
            CompletableFuture<List<Tags>> answers = batcher.submit(source, request.adapter(), queries);
            whenCancelled(answers);
            answers.whenCompleteAsync((tags, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else {
                    guarded(() -> ask(work, timed(Stage.DECODE, () -> work.answer(posed, tags))));
                }
            }, executor);
        }

        /** Says what a cancelled call no longer waits for: one thing at a time, or every answer would be kept. */
        private void whenCancelled(CompletableFuture<?> next) {
            waiting = next;
            if (result.isCancelled()) {
                next.cancel(false);
            }
        }

        /** Takes a step, unless nobody waits for it any more. */
        private void guarded(Runnable step) {
            try {
                if (!result.isDone()) {
                    step.run();
                }
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }
    }
}
