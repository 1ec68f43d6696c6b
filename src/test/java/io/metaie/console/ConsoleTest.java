package io.metaie.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.metaie.testing.Browser;
import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The console as people have it, in Chromium, against the packaged service. Leaves pictures in target/screenshots. */
@Tag("browser")
class ConsoleTest extends BrowsedConsole {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final int MAX_SCRIPT_BYTES = 300_000;
    private static final String EVIL = "<img src=x onerror=\"window.evil=1\"><script>window.evil=1</script>";

    @ParameterizedTest
    @CsvSource({"stream,Stream", "try,Try it", "tasks,Tasks", "teach,Teach", "dead-letters,Dead letters", "distillation,Distillation"})
    void everyPageLoadsAndComplainsOfNothing(String page, String title) {
        for (boolean dark : List.of(false, true)) {
            browser.dark(dark);
            opened(page, title);
            browser.picture(PICTURES.resolve(page + (dark ? "-dark" : "-light") + ".png"));
        }
        browser.phone(true);
        opened(page, title);
        browser.picture(PICTURES.resolve(page + "-phone.png"));
        assertEquals(Boolean.TRUE, browser.script(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "wider than a phone");
        assertEquals(List.of(), browser.complaints());
    }

    private void opened(String page, String title) {
        browser.open("/#/" + page);
        browser.await(title, () -> browser.find("h1").getText().equals(title));
        if (page.equals("teach")) {
            if (browser.all(".sentence").isEmpty()) { // it keeps a draft
                browser.find("#example").click();
            }
            browser.find(".sentence");
        } else if (page.equals("try")) {
            browser.find("#result mark");
        } else if (page.equals("stream")) {
            browser.await("live", () -> browser.find(".live").getText().equals("live"));
            send("picture", "{'text':'Marie Curie 🧪 worked at the Sorbonne and was born in Warsaw.',"
                    + "'labels':['Person',{'name':'born in','of':'Person'},{'name':'works for','of':'Person'}]}");
            send("picture", "{'text':'nothing to look for'}");
            browser.find("article.card mark");
            browser.find("article.letter");
        } else if (page.equals("dead-letters")) {
            browser.find("article.letter, .empty");
        } else if (page.equals("distillation")) {
            browser.find(".tile");
        }
    }

    @Test
    void itIsSmallAndQuick() throws IOException {
        browser.open("/");
        browser.find("h1");
        Number bytes = (Number) browser.script("return performance.getEntriesByType('resource')"
                + ".filter(r => r.name.endsWith('.js')).reduce((sum, r) => sum + r.decodedBodySize, 0)");
        assertTrue(bytes.intValue() > 10_000 && bytes.intValue() <= MAX_SCRIPT_BYTES, bytes + " bytes of scripts");
        browser.await("painted", () -> browser.script("return performance.getEntriesByName('first-contentful-paint').length").equals(1L));
        Number paint = (Number) browser.script("return performance.getEntriesByName('first-contentful-paint')[0].startTime");
        Files.createDirectories(PICTURES);
        Files.writeString(PICTURES.resolve("measured.txt"), "scripts: " + bytes + " bytes, uncompressed\nfirst contentful paint: "
                + Math.round(paint.doubleValue()) + " ms\n");
    }

    @Test
    void whatIsTriedIsMarkedWhereItStandsBehindEmojiToo() throws IOException {
        browser.open("/#/try");
        browser.find("#result mark");
        browser.fill("#text", "👩‍👩‍👧 😀 Ada Lovelace's lives in 🇫🇷 Paris.");
        browser.fill("#labels", "Person, City");
        browser.find("#extract").click();
        browser.await("the span's own text", () -> marks("#result").contains("Ada Lovelace") && marks("#result").contains("Paris"));
        assertTrue(browser.find("#result .text").getText().startsWith("👩‍👩‍👧 😀 "), "the text is whole");
        String answer = browser.all(".snippet pre").get(2).getText();
        assertEquals("Ada Lovelace", new JsonMapper().readTree(answer).at("/spans/0/text").asText());
        assertTrue(browser.all(".snippet pre").get(0).getText().contains("Lovelace'\\''s"), "curl's text is quoted for the shell");
        browser.find("#threshold").sendKeys(Keys.END);
        browser.await("none is that sure", () -> browser.all("#result mark").isEmpty());
        browser.await("the answer follows", () -> new JsonMapper().readTree(browser.all(".snippet pre").get(2).getText())
                .path("spans").isEmpty());
        assertEquals(List.of(), browser.complaints());
    }

    private List<String> marks(String in) {
        return browser.all(in + " mark").stream().map(WebElement::getText).toList();
    }

    @Test
    void whatDocumentsLabelsAndTasksSayIsTextAndNothingElse() throws IOException {
        String evil = EVIL.replace("\"", "\\\"");
        try (Control control = new Control(broker.bootstrap())) {
            String named = new JsonMapper().writeValueAsString(Map.of("type", "define-task", "task", EVIL, "commandId", "evil",
                    "labels", List.of("Person", EVIL)));
            control.send(named.getBytes(StandardCharsets.UTF_8));
            control.await("task-defined", "evil", Control.PATIENCE);
        }
        browser.open("/#/stream");
        browser.await("live", () -> browser.find(".live").getText().equals("live"));
        send(EVIL, "{'id':'" + evil + "','text':'Ada Lovelace " + evil + "','task':'" + evil + "'}");
        send(EVIL, "{'text':'" + evil + "','labels':['" + evil + "'],'task':'no such " + evil + "'}");
        browser.find("article.card .text");
        browser.find("article.letter");
        assertTrue(browser.text().contains(EVIL), "shown as it stands");
        for (String page : List.of("stream", "tasks", "dead-letters", "try", "teach?task=" + EVIL)) {
            browser.script("location.hash = arguments[0]", "#/" + page);
            browser.find("h1");
            assertNull(browser.script("return window.evil"), page);
            assertTrue(browser.all("main img, main script").isEmpty(), page);
        }
        browser.script("location.hash = '#/tasks'");
        browser.await("the task's name", () -> browser.text().contains(EVIL));
        browser.script("location.hash = '#/dead-letters'");
        browser.await("the letter's key", () -> browser.text().contains(EVIL));
        browser.script("location.hash = '#/try'");
        browser.fill("#text", EVIL);
        browser.fill("#labels", EVIL.replace(">", ""));
        browser.find("#extract").click();
        browser.await("answered", () -> browser.find("#result .text").getText().equals(EVIL));
        assertNull(browser.script("return window.evil"));
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void aTaskIsDefinedAndGone() {
        browser.open("/#/tasks");
        browser.fill("#name", "letters");
        browser.fill("#task-labels", "Person, Person > writes to");
        browser.find("#define").click();
        WebElement task = browser.find("article[data-task=letters]");
        assertTrue(task.getText().contains("writes to"), task.getText());
        task.findElement(org.openqa.selenium.By.cssSelector(".actions button")).click();
        task.findElement(org.openqa.selenium.By.cssSelector(".actions button.danger")).click();
        browser.await("gone", () -> browser.all("article[data-task=letters]").isEmpty());
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void spansAreMarkedWithTheMouse() {
        browser.open("/#/teach");
        browser.fill("#teach-labels", "Person, City");
        browser.fill("#paste", "😀 Ada Lovelace lives in Paris.");
        browser.find("#paste").submit();
        WebElement from = browser.find("[data-word='1']");
        WebElement to = browser.find("[data-word='2']");
        browser.pointer().clickAndHold(from).moveToElement(to).release().perform();
        browser.await("marked", () -> String.join("", marks(".annotate")).equals("Ada Lovelace"));
        browser.pointer().click(browser.find("[data-word='1']")).perform();
        browser.await("taken away", () -> browser.all(".annotate mark").isEmpty());
    }

    /** From an empty page to a verdict without touching the mouse. */
    @Test
    void aTaskIsTaughtWithTheKeyboardAlone() {
        browser.open("/#/teach");
        focus("#teach-task");
        browser.press("bakers");
        focus("#teach-labels");
        browser.press("Baker, Bread");
        focus("#paste");
        for (String line : List.of("Ada bakes rye.", "Bob bakes spelt.", "😀 Eve bakes corn.")) {
            browser.press(line.codePointAt(0) > 0xffff ? line.substring(3) : line, Keys.ENTER);
        }
        focus("main form button");
        browser.press(Keys.ENTER);
        browser.await("three sentences", () -> browser.all(".sentence").size() == 3);
        focus(".annotate");
        for (int sentence = 0; sentence < 3; sentence++) {
            browser.press(Keys.HOME, "1", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "2", Keys.ARROW_DOWN);
        }
        browser.await("marked", () -> browser.all(".sentence.marked").size() == 3);
        assertEquals(List.of("Ada", "rye", "Bob", "spelt", "Eve", "corn"), marks(".annotate"));
        focus("[name=activate]");
        browser.press(Keys.ARROW_RIGHT);
        focus("#adapt");
        browser.press(Keys.ENTER);
        browser.await("the loss falls", TRAINING, () -> !browser.all(".loss, #verdict").isEmpty());
        browser.await("the verdict", TRAINING, () -> browser.find("#verdict").getText().contains("Version 1 answers from now on"));
        browser.await("after", TRAINING, () -> browser.find(".learning").getDomAttribute("data-phase").equals("done"));
        browser.picture(PICTURES.resolve("teach-verdict.png"));
        assertFalse(marks(".pair > div:last-child").isEmpty());
        browser.script("location.hash = '#/tasks'");
        browser.await("its version", () -> browser.find("article[data-task=bakers] tr.active").getText().startsWith("1"));
        browser.picture(PICTURES.resolve("tasks-version.png"));
        focus("article[data-task=bakers] td button");
        browser.press(Keys.ENTER);
        browser.await("rolled back",
                () -> browser.find("article[data-task=bakers] tr.active").getText().startsWith("the model itself"));
        assertEquals(List.of(), browser.complaints());
    }

    /** Goes there with Tab: what Tab does not reach, the keyboard does not reach. */
    private void focus(String css) {
        WebElement wanted = browser.find(css);
        for (int i = 0; i < 200; i++) {
            if (Boolean.TRUE.equals(browser.script("return document.activeElement === arguments[0]", wanted))) {
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("Tab does not come to " + css);
    }

    @Test
    void withoutLeaveNothingIsChangedAndWithoutTheTokenNothingRead() {
        try (ServiceApp closed = ServiceApp.start(broker.bootstrap(), "closed", "metaie.roles=console",
                "metaie.http.control=false", "metaie.http.token=secret", "metaie.http.protect-reads=true").awaitReady();
                Browser guest = new Browser(closed.url())) {
            guest.open("/#/tasks");
            guest.fill("#token", "wrong");
            guest.find("form.gate button").click();
            guest.await("asks again", () -> guest.find("#token").getDomProperty("value").isEmpty());
            guest.fill("#token", "secret");
            guest.find("form.gate button").click();
            guest.await("the reason", () -> guest.text().contains("metaie.http.control is not true"));
            assertFalse(guest.find("#define").isEnabled());
            assertFalse(guest.find("#name").isEnabled());
        }
    }
}
