package io.metaie.distillation;

import io.metaie.distillation.TeacherAnswer.Usage;
import java.time.Duration;
import java.util.Optional;

/** The teacher gave no answer. Carries no stack trace: it tells of another machine. */
public class TeacherException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final transient Optional<Duration> retryAfter;
    private final transient Charge charge;

    /** Whose fault it is, and so what is to be done. */
    public enum Fault {
        /** Too many questions at a time: to be asked again, later. */
        LIMITED(true, false),
        /** It asked to be left alone for longer than anybody waits: to be asked again, much later. */
        PAUSED(false, false),
        /** Overloaded, broken or unreachable: to be asked again. */
        UNAVAILABLE(true, false),
        /** An answer without any content: to be asked again, then the sentence's own fault. */
        UNUSABLE(true, true),
        /** Key, address, model or account: nothing is answered until an operator has mended it. */
        OPERATOR(false, false),
        /** No money is left: nothing is asked until there is. */
        BUDGET(false, false),
        /** This question is not answered, however often it is asked. */
        REFUSED(false, true);

        private final boolean worthAnotherTry;
        private final boolean ofTheSentence;

        Fault(boolean worthAnotherTry, boolean ofTheSentence) {
            this.worthAnotherTry = worthAnotherTry;
            this.ofTheSentence = ofTheSentence;
        }

        /** Whether the same question may be answered a moment later. */
        public boolean isWorthAnotherTry() {
            return worthAnotherTry;
        }

        /** Whether other sentences may well be answered. */
        public boolean isOfTheSentence() {
            return ofTheSentence;
        }
    }

    /** What it may have cost all the same. */
    public sealed interface Charge {

        /** Nothing: it was not worked on. */
        record Nothing() implements Charge {}

        /** Nobody knows: the answer was lost on its way. */
        record Unknown() implements Charge {}

        /** So much. */
        record Known(Usage usage) implements Charge {}
    }

    /** @param message what is wrong, in words for operators; holds no key and no sentence */
    public TeacherException(Fault fault, String message) {
        this(fault, message, Optional.empty(), new Charge.Nothing());
    }

    /**
     * @param retryAfter how long the teacher asks to be left alone, if it does
     * @param charge what it may have cost
     */
    public TeacherException(Fault fault, String message, Optional<Duration> retryAfter, Charge charge) {
        super(message, null, false, false);
        this.fault = fault;
        this.retryAfter = retryAfter;
        this.charge = charge;
    }

    public Fault fault() {
        return fault;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    public Charge charge() {
        return charge;
    }
}
