package io.metaie.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void aClassThatCannotBeRead() {
        ClassLoader spoiled = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) {
                throw new IllegalStateException("Failed to read zip entry " + name);
            }
        };
        RuntimeException failure = assertThrows(IllegalStateException.class, () -> spoiled.loadClass("io.metaie.Absent"));
        assertTrue(Failures.ofClassLoading(failure));
        assertTrue(Failures.ofClassLoading(new IllegalArgumentException("a query failed", failure)));
        assertTrue(Failures.ofClassLoading(new NoClassDefFoundError("io/metaie/Absent")));
    }

    @Test
    void otherFaultsAreTheRecords() {
        assertFalse(Failures.ofClassLoading(new IllegalStateException("odd", new StackOverflowError())));
    }
}
