"""The files for TF Serving parse, fit together, and name flags it has."""

import pathlib
import re

import pytest
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)
from tensorflow_serving.config import model_server_config_pb2 as pb2

from serving.server import config

ROOT = pathlib.Path(__file__).parents[2]
CONFIG = ROOT / "serving" / "config"

# Of tensorflow_serving/model_servers/main.cc.
FLAGS = {
    "port", "grpc_socket_path", "rest_api_port", "rest_api_num_threads",
    "rest_api_timeout_in_ms", "rest_api_enable_cors_support",
    "enable_batching", "allow_version_labels_for_unavailable_models",
    "batching_parameters_file", "enable_per_model_batching_parameters",
    "model_config_file", "model_config_file_poll_wait_seconds", "model_name",
    "model_base_path", "num_load_threads", "num_unload_threads",
    "max_num_load_retries", "load_retry_interval_micros",
    "file_system_poll_wait_seconds", "flush_filesystem_caches",
    "tensorflow_session_parallelism", "tensorflow_session_config_file",
    "tensorflow_intra_op_parallelism", "tensorflow_inter_op_parallelism",
    "ssl_config_file", "platform_config_file",
    "per_process_gpu_memory_fraction", "saved_model_tags",
    "grpc_channel_arguments", "grpc_max_threads", "enable_model_warmup",
    "num_request_iterations_for_warmup", "monitoring_config_file",
    "enable_signature_method_name_check", "xla_cpu_compilation_enabled",
    "xla_gpu_compilation_enabled", "enable_profiler",
    "enable_grpc_healthcheck_service",
    "enable_serialization_as_tensor_content",
}  # fmt: skip

# The package of the API lacks these two messages. What matters in their text
# form are names and types: of session_bundle_config.proto ...
BATCHING = {
    "max_batch_size": "Int64Value",
    "batch_timeout_micros": "Int64Value",
    "max_enqueued_batches": "Int64Value",
    "num_batch_threads": "Int64Value",
    "thread_pool_name": "StringValue",
    "enable_large_batch_splitting": "BoolValue",
    "max_execution_batch_size": "Int64Value",
}
# ... and of monitoring_config.proto.
PROMETHEUS = {"enable": "TYPE_BOOL", "path": "TYPE_STRING"}


def _messages():
    file = descriptor_pb2.FileDescriptorProto(
        name="configs.proto", package="t", syntax="proto3"
    )
    file.dependency.append("google/protobuf/wrappers.proto")
    field = descriptor_pb2.FieldDescriptorProto
    batching = file.message_type.add(name="BatchingParameters")
    for number, (name, kind) in enumerate(BATCHING.items(), 1):
        batching.field.add(
            name=name,
            number=number,
            type=field.TYPE_MESSAGE,
            type_name=f".google.protobuf.{kind}",
            label=field.LABEL_OPTIONAL,
        )
    prometheus = file.message_type.add(name="PrometheusConfig")
    for number, (name, kind) in enumerate(PROMETHEUS.items(), 1):
        prometheus.field.add(
            name=name,
            number=number,
            type=getattr(field, kind),
            label=field.LABEL_OPTIONAL,
        )
    file.message_type.add(name="MonitoringConfig").field.add(
        name="prometheus_config",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=".t.PrometheusConfig",
        label=field.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)

    def create(name):
        descriptor = pool.FindMessageTypeByName(f"t.{name}")
        if hasattr(message_factory, "GetMessageClass"):
            return message_factory.GetMessageClass(descriptor)()
        return message_factory.MessageFactory(pool).GetPrototype(descriptor)()

    return create


def test_models_config():
    (model,) = config.read(CONFIG / "models.config")
    assert model.name == "story_reasoning"
    assert model.base_path == pathlib.PurePosixPath("/models/story_reasoning")
    assert model.policy.choose({1, 2}) == {2}


def test_the_alternatives_in_models_config_are_right_too():
    text = (CONFIG / "models.config").read_text()
    alternatives = re.findall(r"#   (model_version_policy .*)", text)
    labels = re.findall(r"#   (version_labels .*)", text)
    assert (len(alternatives), len(labels)) == (2, 2)
    policies = []
    for alternative in alternatives:
        entry = (
            "model_config_list { config { name: 'm' base_path: '/m' "
            f"model_platform: 'tensorflow' {alternative} {' '.join(labels)} "
            "} }"
        )
        parsed = text_format.Parse(entry, pb2.ModelServerConfig())
        (model,) = config.settings(parsed)
        policies.append(model.policy.choose({40, 41, 42, 43}))
        assert model.labels == {"stable": 41, "canary": 42}
    assert policies == [{42, 43}, {41, 42}]


def test_batching_config():
    message = _messages()("BatchingParameters")
    text_format.Parse((CONFIG / "batching.config").read_text(), message)
    assert message.max_batch_size.value >= 1
    assert message.num_batch_threads.value >= 1
    assert message.enable_large_batch_splitting.value


def test_monitoring_config():
    message = _messages()("MonitoringConfig")
    text_format.Parse((CONFIG / "monitoring.config").read_text(), message)
    assert message.prometheus_config.enable
    assert message.prometheus_config.path == "/monitoring/prometheus/metrics"


@pytest.fixture
def yaml():
    return pytest.importorskip("yaml")


def _check_flags(flags, mounts):
    """Each is `--name=value`, TF Serving has it, and its file is there."""
    values = dict(flag.removeprefix("--").split("=", 1) for flag in flags)
    assert set(values) <= FLAGS
    for name, value in values.items():
        if name.endswith("_file"):
            folder, _, file = value.rpartition("/")
            assert folder in mounts
            assert (CONFIG / file).is_file()
    return values


def test_docker_compose(yaml):
    text = (CONFIG / "docker-compose.yaml").read_text()
    service = yaml.safe_load(text)["services"]["serving"]
    assert service["image"].startswith("tensorflow/serving:")
    assert service["entrypoint"] == ["tensorflow_model_server"]
    mounts = {volume.rsplit(":", 2)[1] for volume in service["volumes"]}
    assert mounts == {"/models", "/config"}
    values = _check_flags(service["command"], mounts)
    published = {port.split(":")[1] for port in service["ports"]}
    assert published == {values["port"], values["rest_api_port"]}
    (model,) = config.read(CONFIG / "models.config")
    assert str(model.base_path).startswith("/models/")
    assert service["healthcheck"]["test"][-1].endswith(values["port"])


def test_all_deployments_take_the_same_release(yaml):
    compose = (CONFIG / "docker-compose.yaml").read_text()
    (default,) = re.findall(
        r"tensorflow/serving:\$\{TF_SERVING_VERSION:-([\d.]+)\}", compose
    )
    kubernetes = (CONFIG / "kubernetes.yaml").read_text()
    assert f"image: tensorflow/serving:{default}\n" in kubernetes
    # What the sed command in the comment replaces.
    assert f"'s/serving:{default}/serving:" in kubernetes
    readme = (ROOT / "serving" / "README.md").read_text()
    assert f"`{default}`" in readme


def test_the_volume_can_be_mounted_by_every_replica(yaml):
    deployment, _ = yaml.safe_load_all((CONFIG / "kubernetes.yaml").read_text())
    claim = yaml.safe_load((CONFIG / "kubernetes-volume.yaml").read_text())
    assert (claim["apiVersion"], claim["kind"]) == (
        "v1",
        "PersistentVolumeClaim",
    )
    assert deployment["spec"]["replicas"] > 1
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    (mounted,) = [
        volume["persistentVolumeClaim"]
        for volume in deployment["spec"]["template"]["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    ]
    assert mounted == {"claimName": claim["metadata"]["name"], "readOnly": True}


def test_kubernetes(yaml):
    documents = yaml.safe_load_all((CONFIG / "kubernetes.yaml").read_text())
    deployment, service = documents
    assert (deployment["apiVersion"], deployment["kind"]) == (
        "apps/v1",
        "Deployment",
    )
    assert (service["apiVersion"], service["kind"]) == ("v1", "Service")
    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    (container,) = template["spec"]["containers"]
    mounts = {m["mountPath"]: m["name"] for m in container["volumeMounts"]}
    volumes = {volume["name"] for volume in template["spec"]["volumes"]}
    assert set(mounts.values()) == volumes
    values = _check_flags(container["args"], mounts)
    ports = {p["name"]: str(p["containerPort"]) for p in container["ports"]}
    assert ports == {"grpc": values["port"], "rest": values["rest_api_port"]}
    assert {p["targetPort"] for p in service["spec"]["ports"]} == set(ports)
    (model,) = config.read(CONFIG / "models.config")
    assert container["readinessProbe"]["httpGet"] == {
        "path": f"/v1/models/{model.name}/metadata",
        "port": "rest",
    }
    assert container["livenessProbe"]["tcpSocket"]["port"] in ports
    annotations = template["metadata"]["annotations"]
    message = _messages()("MonitoringConfig")
    text_format.Parse((CONFIG / "monitoring.config").read_text(), message)
    assert annotations == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": values["rest_api_port"],
        "prometheus.io/path": message.prometheus_config.path,
    }
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}


def test_readme_has_the_tables_of_every_signature():
    text = (ROOT / "serving" / "README.md").read_text()
    systems = re.findall(r"\n## Signatures of .*\n((?:(?!\n## ).|\n)+)", text)
    assert systems
    signatures = [s for system in systems for s in system.split("\n### ")[1:]]
    for signature in signatures:
        tables = re.findall(
            r"(Inputs|Outputs):\n\n\| name \| type \| shape \| meaning \|\n"
            r"\|[-|]+\|\n((?:\|.*\n)+)",
            signature,
        )
        assert [title for title, _ in tables] == ["Inputs", "Outputs"]
        for row in (r for _, rows in tables for r in rows.splitlines()):
            _, dtype, shape, meaning = row.strip("|").split("|")
            assert dtype.strip() in {"string", "float32", "int32", "int64"}
            assert re.fullmatch(r"\[B?(,?\w+)*\]", shape.strip())
            assert meaning.strip()
