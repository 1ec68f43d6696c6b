package io.metaie.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.metaie.testing.Browser;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the console keeps, and what it lets go: adaptations, what was typed, the token, what a filter showed. */
@Tag("browser")
class ConsoleStateTest extends BrowsedConsole {

    private static final String DRAFT = "{'task':'%s','labels':'%s','unseen':'','sentences':["
            + "{'text':'Ada bakes rye.','none':false,'marks':[{'id':'a','label':'Baker','start':0,'end':3},{'id':'b','label':'Bread','start':10,'end':13}]},"
            + "{'text':'Bob bakes spelt.','none':false,'marks':[{'id':'c','label':'Baker','start':0,'end':3},{'id':'d','label':'Bread','start':10,'end':15}]}]}";

    /** A draft as the page itself keeps it. */
    private static void draft(Browser in, String task, String labels) {
        keep(in, "metaie.teach", String.format(DRAFT, task, labels).replace('\'', '"'));
        in.open("/#/teach");
        in.find(".sentence.marked");
    }

    private static void keep(Browser in, String name, String value) {
        in.open("/console/icon.svg");
        in.script("sessionStorage.setItem(arguments[0], arguments[1])", name, value);
    }

    private List<WebElement> answered(String side) {
        return browser.all(".pair > div:" + side + " .text");
    }

    @Test
    void aSecondAdaptationIsShownAsItIsWithMoreSentencesAndAfterTheTabWasLoadedAnew() throws IOException {
        draft(browser, "again", "Baker, Bread");
        browser.find("#adapt").click();
        browser.await("two sentences measure nothing", TRAINING,
                () -> browser.find("#verdict").getText().contains("Version 1 is kept, but not used"));
        assertTrue(browser.find("#no-after").getText().contains("version 1 is not used"), "says why there is no after");
        assertEquals(List.of(2, 0), List.of(answered("first-child").size(), answered("last-child").size()));

        browser.find("#use").click();
        browser.await("used", () -> browser.find("#verdict").getText().contains("Version 1 answers from now on"));
        browser.await("after", () -> answered("last-child").size() == 2);
        assertEquals(1, service.task("again").path("active").asInt());

        browser.fill("#paste", "Eve bakes corn.\nEve bakes corn.\nDan bakes oat.");
        browser.find("#paste").submit();
        browser.await("each once", () -> browser.all(".sentence").size() == 4);
        while (!browser.all(".sentence.open").isEmpty()) {
            int open = browser.all(".sentence.open").size();
            browser.script("document.querySelector('.sentence.open .annotate').focus()");
            browser.press(Keys.HOME, "1", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "2");
            browser.await("marked", () -> browser.all(".sentence.open").size() == open - 1);
        }
        browser.find("#adapt").click();
        browser.await("nothing is left of the first", () -> browser.all("#verdict").isEmpty());
        browser.await("sent", TRAINING, () -> List.of("waiting", "starting", "learning", "comparing", "done")
                .contains(browser.find(".learning").getDomAttribute("data-phase")));
        browser.open("/#/teach");
        browser.await("the second verdict", TRAINING, () -> browser.find("#verdict").getText().contains("Version 2")
                && browser.find(".learning").getDomAttribute("data-phase").equals("done"));
        assertEquals(4, answered("first-child").size(), "all that were sent, before");
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void aVersionIsShownWithWhatItWasMeasuredAgainst() throws IOException {
        String examples = Stream.of("rye", "spelt", "corn", "oat", "barley", "millet", "wheat", "teff")
                .map(bread -> "{'text':'Ada bakes " + bread + ".','spans':[{'label':'Bread','text':'" + bread + "'}]}")
                .collect(Collectors.joining(","));
        try (Control control = new Control(broker.bootstrap())) {
            control.define("measured", "['Bread']");
            control.send("{'type':'adapt','task':'measured','commandId':'measured','options':{'epochs':1,'rank':2},"
                    + "'examples':[" + examples + "]}");
            control.await("adaptation-completed", "measured", TRAINING);
        }
        JsonNode version = service.task("measured").at("/versions/0");
        assertEquals(8, version.at("/before/sentences").asInt(), version.toString());
        browser.open("/#/tasks");
        String shown = browser.find("article[data-task=measured] tbody tr").getText();
        assertTrue(shown.contains("→") && shown.contains("on 8 sentences"), shown);
    }

    @Test
    void aKnownTaskKeepsItsThresholdAndItsLabelsWhateverTheyAreCalled() throws IOException {
        try (Control control = new Control(broker.bootstrap())) {
            control.send("{'type':'define-task','task':'known','threshold':0.25,'exclusive':true,'commandId':'known',"
                    + "'labels':['Name, first','a > b',{'name':'lives in','of':'Name, first','prompt':'where {span} lives'}]}");
            control.await("task-defined", "known", Control.PATIENCE);
        }
        JsonNode before = service.task("known");
        browser.open("/#/tasks");
        browser.find("article[data-task=known]");
        browser.fill("#name", "known");
        browser.fill("#task-labels", "Name, first, a > b, Name, first > lives in, City");
        browser.find("#define").click();
        browser.await("one more", () -> browser.all("article[data-task=known] .labels .chip").size() == 4);
        JsonNode after = service.task("known");
        for (int label = 0; label < 3; label++) {
            assertEquals(before.path("labels").path(label), after.path("labels").path(label));
        }
        assertEquals(List.of("0.25", "true"), List.of(after.path("threshold").asText(), after.path("exclusive").asText()));
        browser.await("what was typed goes when it has come to something",
                () -> browser.find("#task-labels").getDomProperty("value").isEmpty());

        draft(browser, "known", "Baker, Bread");
        browser.find("#adapt").click();
        browser.await("asks back", () -> browser.find("#adapt").getText().equals("Replace its labels and adapt"));
        assertTrue(browser.find("#replaced").getText().contains("Name, first, a > b"), browser.find("#replaced").getText());
        assertTrue(browser.all(".learning").isEmpty(), "nothing is sent before the answer");
        assertEquals(after, service.task("known"));
    }

    @Test
    void theTokenIsAskedForUntilItIsTakenAndWhatWasTypedStays() {
        try (ServiceApp locked = ServiceApp.start(broker.bootstrap(), "locked", "metaie.roles=console",
                "metaie.http.control=true", "metaie.http.token=secret").awaitReady();
                Browser guest = new Browser(locked.url())) {
            guest.open("/#/tasks");
            token(guest, "wrong");
            guest.fill("#name", "typed");
            guest.fill("#task-labels", "Person");
            guest.find("#define").click();
            guest.await("asks again", () -> guest.text().contains("The token was not taken"));
            assertEquals("Person", guest.find("#task-labels").getDomProperty("value"));
            token(guest, "secret");
            guest.find("#define").click();
            guest.find("article[data-task=typed]");

            keep(guest, "metaie.token", "wrong");
            draft(guest, "guest", "Baker, Bread");
            assertTrue(guest.all("#token").isEmpty(), "nothing was refused yet");
            guest.find("#adapt").click();
            guest.await("asks on this page, too", () -> guest.text().contains("The token was not taken"));
            token(guest, "secret");
        }
    }

    private static void token(Browser in, String token) {
        in.fill("#token", token);
        in.find("form.gate button").click();
        in.await("the form goes", () -> in.all("#token").isEmpty());
    }

    @Test
    void anotherFilterShowsNothingOfTheLastAndForeignRecordsBreakNothing() {
        browser.open("/#/stream");
        browser.await("live", () -> browser.find(".live").getText().equals("live"));
        write("metaie.spans", "foreign", "{'documentId':'foreign','spans':[{'label':7},null]}");
        write("metaie.spans", "foreign", "{'documentId':'without'}");
        write("metaie.events", "foreign", "{'task':'nothing in particular'}");
        send("ours", "{'text':'Ada Lovelace lives in Paris.','labels':['Person']}");
        browser.find("article.card mark");
        browser.await("all of them", () -> browser.all("article.card").size() == 4);
        assertTrue(browser.text().contains("without"), browser.text());
        browser.find("input[list=seen]").sendKeys("no such label", Keys.ENTER);
        browser.await("nothing of that kind", () -> browser.all("article.card").isEmpty());
        assertTrue(browser.find(".empty").getText().contains("Nothing of that kind"));
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void aPageThatCannotBeShownSaysSoAndLeavesTheOthersBe() {
        keep(browser, "metaie.teach", "{\"sentences\":{}}");
        browser.open("/#/teach");
        browser.await("says so", () -> browser.text().contains("This page cannot be shown"));
        assertEquals("Teach", browser.find("h1").getText());
        browser.find("nav a[href='#/tasks']").click();
        browser.await("another page", () -> browser.find("h1").getText().equals("Tasks"));
        browser.find("#define");
    }
}
