package io.metaie.tagging;

import io.metaie.tagging.PendingQuery.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The queries somebody waits for. They wait for no window and share no batch with the stream, so that a short question
 * is answered in the time of a short batch; questions take turns query by query, so that a long one delays no short one.
 * While the stream has work too, they get at most a quarter of all tokens, counted over time: whoever asks now and then
 * is served at once. Owned by one thread at a time.
 */
final class InteractiveQueue {

    /** Tokens of the stream that go with each token of these. */
    private static final int STREAM_SHARE = 3;

    private final int budget;
    private final Map<Adapter, Deque<Deque<PendingQuery>>> turns = new LinkedHashMap<>();
    private final Map<Work, Deque<PendingQuery>> questions = new LinkedHashMap<>();
    /** Tokens the stream is to have before these are next, while it has any. */
    private long owed;

    /** @param budget tokens of a batch */
    InteractiveQueue(int budget) {
        this.budget = budget;
    }

    void add(PendingQuery pending) {
        questions.computeIfAbsent(pending.work(), work -> {
            Deque<PendingQuery> question = new ArrayDeque<>();
            turns.computeIfAbsent(work.adapter, adapter -> new ArrayDeque<>()).add(question);
            return question;
        }).add(pending);
    }

    boolean isEmpty() {
        return questions.isEmpty();
    }

    /** @param contended whether the stream has work too */
    boolean due(boolean contended) {
        if (!contended) {
            owed = 0;
        }
        return !isEmpty() && owed <= 0;
    }

    /** The stream had so many tokens. */
    void streamed(int tokens) {
        owed = Math.max(0, owed - tokens);
    }

    /** Takes the next batch, of the adapter whose oldest query waits longest; empty when nobody waits any more. */
    List<PendingQuery> next() {
        List<PendingQuery> batch = new ArrayList<>();
        int used = 0;
        while (batch.isEmpty() && !turns.isEmpty()) {
            Adapter adapter = longestWaiting();
            Deque<Deque<PendingQuery>> turn = turns.get(adapter);
            while (!turn.isEmpty()) {
                Deque<PendingQuery> question = turn.peek();
                PendingQuery head = question.peek();
                if (head.wanted()) {
                    if (used + head.length() > budget && !batch.isEmpty()) {
                        break;
                    }
                    batch.add(head);
                    used += head.length();
                }
                question.poll();
                turn.poll();
                if (question.isEmpty()) {
                    questions.remove(head.work());
                } else {
                    turn.add(question);
                }
            }
            if (turn.isEmpty()) {
                turns.remove(adapter);
            }
        }
        owed += (long) STREAM_SHARE * used;
        return batch;
    }

    private Adapter longestWaiting() {
        Adapter longest = null;
        long since = 0;
        for (Map.Entry<Adapter, Deque<Deque<PendingQuery>>> turn : turns.entrySet()) {
            for (Deque<PendingQuery> question : turn.getValue()) {
                long head = question.peek().since();
                if (longest == null || head - since < 0) {
                    longest = turn.getKey();
                    since = head;
                }
            }
        }
        return longest;
    }

    /** Everything that waits, taken out. */
    List<PendingQuery> clear() {
        List<PendingQuery> all = questions.values().stream().flatMap(Deque::stream).toList();
        turns.clear();
        questions.clear();
        return all;
    }
}
