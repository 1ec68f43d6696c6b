package io.metaie.feed;

/** Lets so much through in a second, evenly in the long run: a bucket that holds one second's worth. */
public final class Rate {

    private final double perSecond;
    private double left;
    private long filled = System.nanoTime();

    /** @param perSecond how much */
    public Rate(double perSecond) {
        this.perSecond = perSecond;
        this.left = Math.max(1, perSecond);
    }

    /** Whether one more may pass now; takes nothing. */
    public boolean hasRoom() {
        long now = System.nanoTime();
        left = Math.min(Math.max(1, perSecond), left + perSecond * (now - filled) / 1e9);
        filled = now;
        return left >= 1;
    }

    /** Lets one more pass, if it may. */
    public boolean take() {
        boolean room = hasRoom();
        left -= room ? 1 : 0;
        return room;
    }
}
