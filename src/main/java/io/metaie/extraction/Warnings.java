package io.metaie.extraction;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Warnings about one document or command: each once, and no more than a reader would read. */
public final class Warnings {

    private final int most;
    private final Set<String> kept = new LinkedHashSet<>();
    private int more;

    /** @param most how many are kept; the others are counted */
    public Warnings(int most) {
        this.most = most;
    }

    public void add(String warning) {
        if (kept.size() < most) {
            kept.add(warning);
        } else if (!kept.contains(warning)) {
            more++;
        }
    }

    public List<String> toList() {
        List<String> all = new ArrayList<>(kept);
        if (more > 0) {
            all.add("and " + more + " more warnings");
        }
        return List.copyOf(all);
    }
}
