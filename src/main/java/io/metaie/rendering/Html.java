package io.metaie.rendering;

/** Text as HTML: whatever it holds, a browser shows it and does nothing else. */
final class Html {

    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7f;
    private static final int DELETE_PICTURE = 0x2421;

    private Html() {}

    /**
     * Escapes a text for an element's content or an attribute between double quotes. Code points stay as many as they
     * were: control characters, which HTML cannot carry, become their pictures.
     */
    static String escape(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                case '\r' -> html.append("&#13;"); // as itself, a parser would make a line feed of it
                case '\t', '\n' -> html.append(c);
                case DELETE -> html.append((char) DELETE_PICTURE);
                default -> html.append(c < ' ' ? (char) (CONTROL_PICTURES + c) : c);
            }
        }
        return html.toString();
    }
}
