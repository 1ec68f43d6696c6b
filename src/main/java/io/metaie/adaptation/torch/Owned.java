package io.metaie.adaptation.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** Native objects that outlive the scopes they are made in, until their owner is closed. */
final class Owned implements AutoCloseable {

    private final List<Pointer> pointers = new ArrayList<>();

    /** Takes part in an object's ownership. */
    <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        pointers.add(pointer);
        return pointer;
    }

    @Override
    public void close() {
        pointers.forEach(Pointer::releaseReference);
        pointers.clear();
    }
}
