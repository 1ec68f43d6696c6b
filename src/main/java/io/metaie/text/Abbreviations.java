package io.metaie.text;

import java.util.Locale;
import java.util.Set;

/** English words written with a full stop that need not end a sentence, and the words that tell when it does. */
final class Abbreviations {

    /** A sentence never ends here. */
    private static final Set<String> LEADING = Set.of("e.g.", "i.e.", "p.s.", "n.b.", "c.f.", "mr", "mrs", "ms", "dr",
            "drs", "prof", "vs", "cf", "viz", "messrs", "mme", "mlle", "ps");

    /** A sentence seldom ends here; written small or with a capital. */
    private static final Set<String> COMMON = Set.of("inc", "corp", "co", "ltd", "llc", "pvt", "bros", "mfg", "dept",
            "univ", "assn", "assoc", "intl", "natl", "govt", "jr", "sr", "esq", "phd", "hons", "ave", "blvd", "rd",
            "hwy", "pkwy", "bldg", "apt", "al", "ca", "approx", "esp", "incl", "excl", "resp", "eds", "transl", "repr",
            "subsp", "ssp", "spp", "sp", "syn", "abbr", "pron", "fl", "tel", "ext", "attn", "avg", "dist", "km", "cm",
            "mm", "oz", "lb", "lbs", "kg", "mg", "hr", "hrs", "mins", "secs", "yr", "yrs", "wk", "wt", "etal");

    /** A sentence seldom ends here; as words of their own, written small, they end some. */
    private static final Set<String> CAPITALISED = Set.of("St", "Ste", "Sta", "Sen", "Rep", "Gov", "Gen", "Col", "Capt",
            "Cpt", "Cmdr", "Cdr", "Lt", "Sgt", "Maj", "Brig", "Adm", "Rev", "Hon", "Pres", "Fr", "Supt", "Insp", "Mt",
            "Ft", "Sq", "Ed", "Sci", "Med", "Biol", "Chem", "Phys", "Proc", "Symp", "Acad", "Inst", "Soc", "Treas",
            "Secy", "Asst", "Exec", "Mgr", "Dir", "Fed", "Calif", "Ariz", "Ark", "Colo", "Conn", "Del", "Fla", "Ga",
            "Ill", "Ind", "Kan", "Ky", "Mass", "Md", "Mich", "Minn", "Miss", "Mont", "Neb", "Nev", "Okla", "Ore", "Pa",
            "Penn", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wyo", "Ont", "Que");

    /** A sentence does not end between these and a number. */
    private static final Set<String> BEFORE_NUMBERS = Set.of("no", "nos", "nr", "fig", "figs", "eq", "eqs", "sec",
            "sect", "ch", "chap", "vol", "vols", "pp", "pg", "art", "arts", "par", "para", "pt", "ref", "refs", "tab",
            "ex", "app", "op", "ver", "v", "rel", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
            "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "c", "ca", "circa",
            "pop", "lat", "long", "deg", "frag", "cap", "lib", "bk", "ps");

    /** Words as short as abbreviations that end sentences. */
    private static final Set<String> SHORT_WORDS = Set.of("it", "me", "us", "so", "do", "go", "up", "on", "in", "to",
            "is", "be", "he", "we", "at", "of", "by", "ok", "if", "as", "or", "my");

    /** Words that seldom follow an abbreviation inside a sentence, but often begin one. */
    private static final Set<String> STARTERS = Set.of("The", "A", "An", "In", "On", "At", "It", "He", "She", "They",
            "We", "I", "You", "This", "That", "These", "Those", "There", "Here", "But", "And", "So", "If", "When",
            "While", "As", "After", "Before", "However", "Although", "Though", "What", "Who", "How", "Why", "Where",
            "Which", "His", "Her", "Its", "Their", "My", "Our", "Your", "Also", "Some", "Many", "Most", "Several",
            "Both", "All", "One", "By", "From", "With", "To", "Since", "During", "Then", "Now", "For", "Because",
            "Is", "Are", "Was", "Were", "Do", "Does", "Did", "Not", "Nor", "Yet", "Please", "Thanks", "Meanwhile",
            "Moreover", "Furthermore", "Therefore", "Thus", "Once", "Until", "Unlike", "Despite", "According");

    private Abbreviations() {}

    /** Whether a sentence never ends with this word and its stop. */
    static boolean isLeading(String word) {
        return LEADING.contains(lower(word));
    }

    /** Whether a sentence ends with this word and its stop only if the next word says so: also every single letter. */
    static boolean isListed(String word) {
        return word.length() == 1 && Character.isLetter(word.charAt(0)) || isLeading(word)
                || COMMON.contains(lower(word)) || CAPITALISED.contains(word);
    }

    static boolean isBeforeNumbers(String word) {
        return BEFORE_NUMBERS.contains(lower(word));
    }

    /** Whether a word may be an abbreviation that no list has. */
    static boolean isSuspect(String word) {
        int least = Character.isLowerCase(word.charAt(0)) ? 3 : 6;
        return word.length() < least && !SHORT_WORDS.contains(word) || word.equals("etc");
    }

    static boolean isStarter(String word) {
        return STARTERS.contains(word);
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
