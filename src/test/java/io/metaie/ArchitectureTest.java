package io.metaie;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The packages' picture: a pure core, frameworks at the edge, each known by few, and data that flow one way: record →
 * document → sentences → words → queries → micro-batches → tags → spans → extraction → record.
 */
@AnalyzeClasses(packages = "io.metaie", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String JAVA = "java..";
    private static final String TEXT = "io.metaie.text..";
    private static final String LABEL = "io.metaie.label..";
    private static final String TAGGING = "io.metaie.tagging..";
    private static final String EVALUATION = "io.metaie.evaluation..";
    private static final String RECORD = "io.metaie.record..";
    private static final String EXTRACTION = "io.metaie.extraction..";
    private static final String LANE = "io.metaie.lane..";
    private static final String CLI = "io.metaie.cli..";

    private static final String[] FRAMEWORKS = {
        "org.apache.kafka..", "kafka..", "io.quarkus..", "io.smallrye..", "io.vertx..", "jakarta..", "org.eclipse.microprofile..",
        "io.micrometer..", "ai.onnxruntime..", "ai.djl..", "org.bytedeco..", "picocli.."
    };

    @ArchTest
    static final ArchRule noPackagesDependOnOneAnother = slices().matching("io.metaie.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule textIsPure = onlyKnows(TEXT, JAVA, TEXT, "com.ibm.icu..");

    @ArchTest
    static final ArchRule labelsArePure = onlyKnows(LABEL, JAVA, LABEL, TEXT);

    @ArchTest
    static final ArchRule taggingIsPure = onlyKnows(TAGGING, JAVA, TAGGING, LABEL, TEXT);

    @ArchTest
    static final ArchRule evaluationIsPure = onlyKnows(EVALUATION, JAVA, EVALUATION, TAGGING, LABEL, TEXT);

    @ArchTest
    static final ArchRule renderingIsPure = onlyKnows("io.metaie.rendering..", JAVA, "io.metaie.rendering..", EXTRACTION, TEXT);

    /** Examples are JSON, and no more than that. */
    @ArchTest
    static final ArchRule datasetsKnowNoFramework = noClasses().that().resideInAPackage("io.metaie.dataset..")
            .should().transitivelyDependOnClassesThat(resideInAnyPackage(FRAMEWORKS));

    /** From a record's bytes to the extraction's there is neither Kafka nor Quarkus nor ONNX, at any distance. */
    @ArchTest
    static final ArchRule extractionItselfKnowsNoFramework = noClasses()
            .that().resideInAnyPackage(RECORD, EXTRACTION)
            .should().transitivelyDependOnClassesThat(resideInAnyPackage(FRAMEWORKS));

    /** What the teacher says becomes examples without anybody knowing how it is reached or where its answers are kept. */
    @ArchTest
    static final ArchRule distillationItselfKnowsNoFramework = noClasses().that().resideInAPackage("io.metaie.distillation")
            .should().transitivelyDependOnClassesThat(resideInAnyPackage(FRAMEWORKS));

    @ArchTest
    static final ArchRule recordsArePure = onlyKnows(RECORD, JAVA, RECORD);

    /** A lane carries records to a processor and its answers back; what it is that answers is not its business. */
    @ArchTest
    static final ArchRule lanesDoNotKnowExtraction = noClasses().that().resideInAPackage(LANE)
            .should().dependOnClassesThat().resideInAPackage(EXTRACTION);

    @ArchTest
    static final ArchRule theEngineServesWithoutKafkaAndQuarkus = noClasses().that().resideInAPackage("io.metaie.engine..")
            .should().dependOnClassesThat().resideInAnyPackage("org.apache.kafka..", "io.quarkus..", "jakarta..", "picocli..");

    @ArchTest
    static final ArchRule fewKnowKafka = onlyIn("org.apache.kafka..",
            "io.metaie.kafka..", LANE, "io.metaie.task..", "io.metaie.adapter..", "io.metaie.control..",
            "io.metaie.distillation.answers..", "io.metaie.distillation.sampling..", "io.metaie.feed..", CLI);

    @ArchTest
    static final ArchRule onlyOneKnowsTheBroker = onlyIn("kafka..", "io.metaie.kafka..");

    @ArchTest
    static final ArchRule onlyOneKnowsOnnxRuntime = onlyIn("ai.onnxruntime..", "io.metaie.onnx..");

    @ArchTest
    static final ArchRule onlyOneKnowsTheTokenizer = onlyIn("ai.djl..", "io.metaie.checkpoint..");

    @ArchTest
    static final ArchRule onlyTrainingKnowsPyTorch = onlyIn("org.bytedeco..", "io.metaie.adaptation.torch..");

    @ArchTest
    static final ArchRule onlyCommandsKnowTheCommandLine = onlyIn("picocli..", CLI);

    @ArchTest
    static final ArchRule onlyTheConsoleKnowsHttp = onlyIn("jakarta.ws.rs..", "io.metaie.console..");

    @ArchTest
    static final ArchRule nobodyCallsTheConsole = onlyIn("io.metaie.console..", "io.metaie.console..");

    /** Whoever watches is in nobody's way: what is shown is read from the broker, as anybody could. */
    @ArchTest
    static final ArchRule onlyTheConsoleKnowsTheFeed = onlyIn("io.metaie.feed..", "io.metaie.feed..", "io.metaie.console..");

    @ArchTest
    static final ArchRule nobodyCallsTheService = onlyIn("io.metaie.service..", "io.metaie.service..");

    @ArchTest
    static final ArchRule onlyMainCallsTheCommands = onlyIn(CLI, CLI, "io.metaie");

    /** Where there are two cores or one, CompletableFuture's own executor is a new thread for each task. */
    @ArchTest
    static final ArchRule whatRunsLaterRunsOnAnExecutorOfItsOwn = noClasses().should().callMethodWhere(
            DescribedPredicate.describe("starts work on CompletableFuture's own executor", call ->
                    call.getTargetOwner().isAssignableTo(CompletionStage.class) && call.getName().endsWith("Async")
                            && call.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Executor.class))));

    /** What a package may know, and nothing else. */
    private static ArchRule onlyKnows(String which, String... known) {
        return classes().that().resideInAPackage(which).should().onlyDependOnClassesThat().resideInAnyPackage(known);
    }

    /** Who may know a library or a package. */
    private static ArchRule onlyIn(String known, String... packages) {
        return noClasses().that().resideOutsideOfPackages(packages)
                .should().dependOnClassesThat().resideInAPackage(known);
    }
}
