package io.metaie.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.metaie.testing.App;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** {@code extract} answers documents as the service does. */
@Tag("service")
class CommandLineContractTest {

    @TestFactory
    Stream<DynamicTest> theSameDocumentsOnTheCommandLine() {
        List<Case> cases = Stream.of(new TextContractTest(), new LabelContractTest())
                .flatMap(test -> test.cases().stream())
                .filter(one -> one.reason().isEmpty() && one.document().isPresent())
                .toList();
        String input = cases.stream().map(one -> new String(one.value().orElseThrow(), UTF_8))
                .collect(Collectors.joining("\n"));
        try (App extract = App.with("extract", "--labels", "Person,City", "--format", "json", "-").input(input).run()) {
            assertEquals(0, extract.exitCode(), extract.err());
            List<String> answers = List.of(extract.out().split("\n"));
            assertEquals(cases.size(), answers.size());
            return IntStream.range(0, cases.size()).mapToObj(i -> dynamicTest(cases.get(i).title(), () -> cases.get(i)
                    .verify(Promises.extraction(cases.get(i).text(), answers.get(i).getBytes(UTF_8)), Optional.empty())));
        }
    }
}
