package io.metaie.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.awaitility.Awaitility;

/** A headless Chromium with a profile of its own that leaves nothing behind, as Debian brings it. */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;
    private final Path profile;
    private final URI site;

    /** @param site where the pages are */
    public Browser(URI site) {
        this.site = site;
        try {
            profile = Files.createTempDirectory("metaie-browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                "--user-data-dir=" + profile, "--window-size=1280,900");
        driver = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver")).usingAnyFreePort().build(), options);
    }

    /** Opens a page; one that is open already is loaded anew. */
    public Browser open(String path) {
        driver.get("about:blank");
        driver.get(site.resolve(path).toString());
        return this;
    }

    /** Follows the system's wish for dark pages, or for light ones. */
    public void dark(boolean dark) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Is a phone from now on, or a desk. */
    public void phone(boolean phone) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", phone ? 390 : 1280,
                "height", phone ? 844 : 900, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    }

    /** The first element, once there is one. */
    public WebElement find(String css) {
        await(css, () -> !driver.findElements(By.cssSelector(css)).isEmpty());
        return driver.findElement(By.cssSelector(css));
    }

    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Replaces what stands in a field. */
    public void fill(String css, String text) {
        WebElement field = find(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        if (text.codePoints().allMatch(Character::isBmpCodePoint)) {
            field.sendKeys(text);
        } else {
            // The driver types nothing beyond the basic plane; this is what a paste does.
            driver.executeCdpCommand("Input.insertText", Map.of("text", text));
        }
    }

    /** Presses keys where the focus is. */
    public void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** The pointer. */
    public Actions pointer() {
        return new Actions(driver);
    }

    /** What a script says; {@code null} for nothing. */
    public Object script(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    /** All text that can be seen. */
    public String text() {
        return find("body").getText();
    }

    public void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        await(what, PATIENCE, condition);
    }

    public void await(String what, Duration patience, java.util.concurrent.Callable<Boolean> condition) {
        try {
            Awaitility.await(what).atMost(patience).pollInterval(Duration.ofMillis(100)).ignoreExceptions().until(condition);
        } catch (RuntimeException e) {
            throw new AssertionError(what + "\n" + complaints() + "\n" + text(), e);
        }
    }

    /** What the browser's console holds since it was asked last: errors, refusals of the policy, failed requests. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::toString).toList();
    }

    /** A picture of the whole page. */
    public void picture(Path file) {
        script("scrollTo(0, 0)");
        Map<?, ?> size = (Map<?, ?>) driver.executeCdpCommand("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
        Map<String, Object> picture = driver.executeCdpCommand("Page.captureScreenshot", Map.of(
                "captureBeyondViewport", true, "clip", Map.of("x", 0, "y", 0, "width", size.get("width"),
                        "height", Math.min(3_000, ((Number) size.get("height")).intValue()), "scale", 1)));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
        try (var files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            profile.toFile().deleteOnExit(); // something of the browser's is still being written
        }
    }
}
