package io.metaie.operations;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.metaie.config.MetaieConfig;
import io.metaie.config.Settings;
import io.metaie.distillation.http.ApiKey;
import io.metaie.operations.Dockerfile.Copy;
import io.smallrye.config.ConfigMappings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Images, Compose and Kubernetes files, held to the code's own constants and to published schemas; nothing is built here. */
class ContainerFilesTest {

    private static final Path DOCKER = Path.of("docker");
    private static final Path KUBERNETES = DOCKER.resolve("kubernetes");
    private static final String HOME = "/opt/metaie";
    private static final JsonMapper JSON = new JsonMapper();

    /** Kubernetes' model takes unknown fields as extensions; here they are typing errors. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    static int port() {
        return Settings.load().getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
    void anImageIsMadeOfWhatThereIs(String name) {
        Dockerfile file = Dockerfile.read(DOCKER.resolve(name));
        Set<String> sent = sent();
        for (Copy copy : file.copies()) {
            if (copy.from().isEmpty()) {
                for (String source : copy.sources()) {
                    assertTrue(Files.exists(Path.of(source)), source);
                    assertTrue(sent.stream().anyMatch(path -> source.equals(path) || source.startsWith(path + "/")),
                            source + " is left out by .dockerignore");
                }
            }
        }
        assertTrue(file.bases().stream().noneMatch(image -> image.contains("alpine")), "natives need glibc");
        assertTrue(file.bases().stream().allMatch(image -> image.contains(":")), "each with a tag");
    }

    /** What .dockerignore lets through. */
    private static Set<String> sent() {
        try (Stream<String> lines = Files.lines(Path.of(".dockerignore"))) {
            return lines.filter(line -> line.startsWith("!")).map(line -> line.substring(1)).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
    void anImageRunsAsNobodyInParticularWithoutABrokerAndSaysHowItIs(String name) {
        Dockerfile image = Dockerfile.read(DOCKER.resolve(name)).image();
        assertTrue(image.last("USER").arguments().matches("[1-9]\\d*:0"), image.last("USER").arguments());
        assertEquals("false", image.environment().get("METAIE_KAFKA_EMBEDDED"));
        assertEquals("0", image.environment().get("GOMP_SPINCOUNT"));
        assertVariablesAreSettings(image.environment().keySet().stream()
                .filter(variable -> variable.startsWith("METAIE_")).collect(Collectors.toSet()));
        assertEquals(String.valueOf(port()), image.last("EXPOSE").arguments());
        assertEquals(HOME, image.last("WORKDIR").arguments());
        Set<String> inImage = image.copies().stream()
                .map(copy -> copy.target().startsWith("/") ? copy.target() : HOME + "/" + copy.target()).collect(Collectors.toSet());
        assertTrue(inImage.containsAll(image.last("ENTRYPOINT").list()), inImage.toString());
        assertTrue(inImage.stream().anyMatch(image.last("HEALTHCHECK").arguments()::contains), inImage.toString());
        // The launcher finds the application and the model beside itself.
        assertTrue(inImage.containsAll(List.of(HOME + "/metaie", HOME + "/models/metaie-mini",
                HOME + "/target/quarkus-app/quarkus-run.jar")), inImage.toString());
    }

    @Test
    void theImageForGpusBringsTheRuntimeTheClassesAreOf() throws IOException {
        Dockerfile file = Dockerfile.read(DOCKER.resolve("Dockerfile.cuda"));
        assertEquals(ofPom("onnxruntime.version"), file.argument("ONNXRUNTIME_VERSION"));
        assertTrue(file.bases().get(2).matches("nvidia/cuda:12\\.[\\d.]+-cudnn-runtime-ubuntu\\d+\\.04"), file.bases().toString());
        assertEquals("cuda", file.image().environment().get("METAIE_DEVICE"));
        String natives = file.image().copies().stream().filter(copy -> copy.sources().get(0).contains("onnxruntime"))
                .map(Copy::target).findFirst().orElseThrow();
        assertTrue(Files.readString(DOCKER.resolve("launch-cuda")).contains("-Donnxruntime.native.path=" + natives + " "));
        assertTrue(Files.isExecutable(DOCKER.resolve("launch-cuda")) && Files.isExecutable(DOCKER.resolve("healthcheck")));
    }

    @Test
    void bothImagesHaveTheSameLayersOfTheApplication() {
        List<List<Copy>> layers = Stream.of("Dockerfile", "Dockerfile.cuda")
                .map(name -> Dockerfile.read(DOCKER.resolve(name)).image().copies().stream()
                        .filter(copy -> copy.target().startsWith("target/") || copy.target().startsWith("models/")).toList())
                .toList();
        assertEquals(layers.get(0), layers.get(1));
        assertEquals(5, layers.get(0).size());
    }

    private static String ofPom(String property) throws IOException {
        return Pattern.compile("<" + Pattern.quote(property) + ">(.*?)<").matcher(Files.readString(Path.of("pom.xml"))).results()
                .map(found -> found.group(1)).findFirst().orElseThrow();
    }

    static JsonNode compose() throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(DOCKER.resolve("compose.yaml"))));
    }

    @Test
    void composeIsAsItsSpecificationSays() throws IOException {
        ObjectNode schema = (ObjectNode) JSON.readTree(
                ContainerFilesTest.class.getResourceAsStream("/schemas/compose-spec.json"));
        // It names its parts as an older draft did; no reference of its own goes by these names.
        schema.findParents("id").stream().filter(part -> part.path("id").isTextual())
                .forEach(part -> ((ObjectNode) part).remove("id"));
        schema.remove("id");
        JsonSchema specification = JsonSchemaFactory.getInstance(VersionFlag.V201909).getSchema(schema);
        assertEquals(Set.of(), specification.validate(compose()));
        ObjectNode wrong = compose().deepCopy();
        wrong.withObject("/services/metaie").put("port", "8080");
        assertEquals(1, specification.validate(wrong).size());
    }

    @Test
    void composeNamesSettingsPortsAndFilesThatExist() throws IOException {
        JsonNode services = compose().path("services");
        for (String name : List.of("metaie", "metaie-gpu")) {
            JsonNode service = services.path(name);
            assertVariablesAreSettings(names(service.path("environment")));
            assertEquals("127.0.0.1:" + port() + ":" + port(), service.at("/ports/0").asText());
            assertTrue(Files.isRegularFile(DOCKER.resolve(service.at("/build/context").asText())
                    .resolve(service.at("/build/dockerfile").asText())));
            Dockerfile image = Dockerfile.read(Path.of(service.at("/build/dockerfile").asText())).image();
            assertEquals("training:" + image.environment().get("METAIE_TRAINING_CACHE"), service.at("/volumes/0").asText());
            assertTrue(service.at("/tmpfs/0").asText().startsWith("/tmp:exec,"), "natives run there");
            // As on a loopback address: else a page of any site could be given a name that leads here.
            assertEquals("${METAIE_HTTP_HOSTS:-localhost,127.0.0.1}", service.at("/environment/METAIE_HTTP_HOSTS").asText());
            assertFalse(service.at("/environment/METAIE_INSTANCE").asText().isEmpty(), "a container's id changes");
        }
        for (JsonNode service : services) {
            assertTrue(service.at("/deploy/resources/limits").has("memory"), service.toString());
            service.path("ports").forEach(port -> assertTrue(port.asText().startsWith("127.0.0.1:"), port.asText()));
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":")[0];
                assertTrue(source.startsWith("./") ? Files.exists(DOCKER.resolve(source)) : compose().path("volumes").has(source), source);
            }
            service.path("depends_on").properties().forEach(other ->
                    assertTrue(services.path(other.getKey()).has("healthcheck"), other.getKey()));
        }
        assertTrue(Files.readAllLines(DOCKER.resolve(".env")).contains("COMPOSE_PROFILES=" + services.at("/metaie/profiles/0").asText()));
    }

    @Test
    void theBrokerOfComposeIsConfiguredAsKafkaWantsIt() throws IOException {
        JsonNode kafka = compose().at("/services/kafka");
        assertTrue(kafka.path("image").asText().contains("apache/kafka:" + ofPom("kafka.version")), kafka.path("image").asText());
        Map<String, String> settings = new HashMap<>();
        kafka.path("environment").properties().forEach(e -> settings.put(
                e.getKey().substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.'), e.getValue().asText()));
        settings.keySet().forEach(key -> assertTrue(KafkaConfig.configDef().names().contains(key), key));
        KafkaConfig config = assertDoesNotThrow(() -> new KafkaConfig(settings, false));
        assertTrue(config.effectiveAdvertisedBrokerListeners().toString().contains("kafka"), settings.toString());
        String inside = compose().at("/services/metaie/environment/KAFKA_BOOTSTRAP_SERVERS").asText();
        assertTrue(settings.get("advertised.listeners").contains("INSIDE://" + inside + ","), inside);
        assertTrue(kafka.at("/healthcheck/test").toString().contains(inside.replace("kafka:", "localhost:")));
        assertTrue(kafka.path("volumes").toString().contains(":" + settings.get("log.dirs")));
    }

    @Test
    void prometheusAndGrafanaFindTheirFilesAndEachOther() throws IOException {
        JsonNode services = compose().path("services");
        Map<String, String> mounts = new HashMap<>();
        services.forEach(service -> service.path("volumes").forEach(volume ->
                mounts.put(volume.asText().split(":")[1], volume.asText().split(":")[0])));
        JsonNode prometheus = Dashboards.yaml(Dashboards.PROMETHEUS.resolve("prometheus.yml"));
        assertTrue(mounts.containsKey("/etc/prometheus/" + prometheus.at("/rule_files/0").asText()));
        assertTrue(services.at("/prometheus/command").toString().contains("--config.file=/etc/prometheus/prometheus.yml"));
        JsonNode target = prometheus.at("/scrape_configs/0/dns_sd_configs/0");
        assertTrue(services.has(target.at("/names/0").asText()));
        assertTrue(services.at("/metaie-gpu/networks/default/aliases").toString().contains(target.at("/names/0").asText()));
        assertEquals(port(), target.path("port").asInt());
        String dashboards = Dashboards.yaml(Dashboards.GRAFANA.resolve("provisioning/dashboards/metaie.yaml"))
                .at("/providers/0/options/path").asText();
        assertEquals("./grafana/dashboards", mounts.get(dashboards));
        assertEquals("./grafana/provisioning", mounts.get("/etc/grafana/provisioning"));
        assertEquals("http://prometheus:9090", Dashboards.yaml(
                Dashboards.GRAFANA.resolve("provisioning/datasources/prometheus.yaml")).at("/datasources/0/url").asText());
        String home = services.at("/grafana/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH").asText();
        assertTrue(Files.isRegularFile(Dashboards.GRAFANA.resolve("dashboards").resolve(Path.of(home).getFileName())));
    }

    @Test
    void kubernetesTakesTheObjectsAsTheyAre() throws IOException {
        Map<String, Class<? extends HasMetadata>> kinds = Map.of("configmap.yaml", ConfigMap.class, "service.yaml", Service.class,
                "http.yaml", Service.class, "statefulset.yaml", StatefulSet.class, "disruption.yaml", PodDisruptionBudget.class,
                "secret.example.yaml", Secret.class);
        for (Map.Entry<String, Class<? extends HasMetadata>> kind : kinds.entrySet()) {
            HasMetadata object = read(kind.getKey(), kind.getValue());
            assertEquals(object.getKind(), yaml(kind.getKey()).path("kind").asText());
            assertEquals(object.getApiVersion(), yaml(kind.getKey()).path("apiVersion").asText());
            assertEquals(kind.getKey().equals("http.yaml") ? "metaie-http" : "metaie", object.getMetadata().getName());
        }
        Set<String> resources = new TreeSet<>();
        yaml("kustomization.yaml").path("resources").forEach(file -> resources.add(file.asText()));
        Set<String> applied = new TreeSet<>(kinds.keySet());
        applied.remove("secret.example.yaml");
        assertEquals(applied, resources);
    }

    @Test
    void podsHaveNamesToKeepAndAreProbedWhereTheServiceAnswers() throws IOException {
        StatefulSet set = read("statefulset.yaml", StatefulSet.class);
        Container container = set.getSpec().getTemplate().getSpec().getContainers().get(0);
        Dockerfile image = Dockerfile.read(DOCKER.resolve("Dockerfile")).image();
        assertEquals("metadata.name", container.getEnv().stream().filter(env -> env.getName().equals("METAIE_INSTANCE"))
                .map(env -> env.getValueFrom().getFieldRef().getFieldPath()).findFirst().orElseThrow());
        Map<String, Probe> probes = Map.of("started", container.getStartupProbe(), "ready", container.getReadinessProbe(),
                "live", container.getLivenessProbe());
        probes.forEach((kind, probe) -> {
            assertEquals("/q/health/" + kind, probe.getHttpGet().getPath());
            assertEquals("http", probe.getHttpGet().getPort().getStrVal());
        });
        assertEquals("http", container.getPorts().get(0).getName());
        assertEquals(port(), container.getPorts().get(0).getContainerPort());
        assertEquals(image.last("USER").arguments(), set.getSpec().getTemplate().getSpec().getSecurityContext().getRunAsUser() + ":"
                + set.getSpec().getTemplate().getSpec().getSecurityContext().getRunAsGroup());
        assertTrue(container.getSecurityContext().getReadOnlyRootFilesystem());
        Set<String> writable = container.getVolumeMounts().stream().map(mount -> mount.getMountPath()).collect(Collectors.toSet());
        assertEquals(Set.of("/tmp", image.environment().get("METAIE_TRAINING_CACHE")), writable);
        Service service = read("service.yaml", Service.class);
        assertEquals(service.getMetadata().getName(), set.getSpec().getServiceName());
        assertEquals(set.getSpec().getSelector().getMatchLabels(), service.getSpec().getSelector());
        assertEquals(set.getSpec().getSelector().getMatchLabels(), set.getSpec().getTemplate().getMetadata().getLabels());
        assertEquals(port(), service.getSpec().getPorts().get(0).getPort());
        assertEquals("None", service.getSpec().getClusterIP());
        assertTrue(service.getSpec().getPublishNotReadyAddresses(), "they have metrics");
        Service http = read("http.yaml", Service.class);
        assertEquals(service.getSpec().getSelector(), http.getSpec().getSelector());
        assertEquals(service.getSpec().getPorts(), http.getSpec().getPorts());
        assertNull(http.getSpec().getClusterIP());
        assertNull(http.getSpec().getPublishNotReadyAddresses(), "only those that are ready answer requests");
        Probe started = container.getStartupProbe();
        assertTrue(started.getPeriodSeconds() * started.getFailureThreshold() >= 3_600, "brokers may be away at the start");
        assertVariablesAreSettings(read("configmap.yaml", ConfigMap.class).getData().keySet());
        assertVariablesAreSettings(read("secret.example.yaml", Secret.class).getStringData().keySet());
        assertFalse(set.getSpec().getTemplate().getSpec().getEnableServiceLinks(), "METAIE_PORT is no setting");
    }

    private static JsonNode yaml(String name) {
        return Dashboards.yaml(KUBERNETES.resolve(name));
    }

    private static <T> T read(String name, Class<T> type) throws IOException {
        return STRICT.treeToValue(yaml(name), type);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Each is a key of the service, one of Kafka's clients, or what the launcher reads. */
    private static void assertVariablesAreSettings(Set<String> variables) {
        Set<String> known = Stream.concat(
                        ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(MetaieConfig.class)).keySet().stream(),
                        Stream.of(AdminClientConfig.configNames(), ProducerConfig.configNames(), ConsumerConfig.configNames())
                                .flatMap(Set::stream).map(key -> "kafka." + key))
                .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
                .collect(Collectors.toSet());
        known.addAll(Set.of("METAIE_JAVA_OPTS", ApiKey.VARIABLE));
        assertFalse(variables.isEmpty());
        variables.forEach(variable -> assertTrue(known.contains(variable), variable + " is no setting"));
    }

    @Test
    void aVariableThatIsNoSettingIsFound() {
        assertEquals(Optional.of("METAIE_LABELS is no setting"), Optional.of(assertThrows(
                AssertionError.class, () -> assertVariablesAreSettings(Set.of("METAIE_LABELS"))).getMessage()
                .replaceAll(" ==>.*", "")));
    }
}
