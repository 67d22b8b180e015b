import OpsModel
import OpsSpec
import Testing

@testable import OpsRuntime

/// What Compose is told about a lab around the sample.
@Suite struct ApplicationComposeFileTests {
    private let sample: SampleApplication
    private let services: [String: JSONValue]

    init() throws {
        self.sample = try SampleApplication()
        self.services = try self.sample.services()
    }

    private func words(_ service: String, _ key: String) -> [String] {
        (self.services[service]?[key]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    @Test func theLabsServicesAreThereAndTheShopsAreNot() {
        let own = ["carrier-a", "carrier-b", "depot", "desk", "digest", "sorter", "tracker-1", "tracker-2"]
        let links = ["tracker-1-net", "tracker-2-net"]
        #expect(Set(self.services.keys) == Set(InstanceLayout.Half.lab.programs + ["load"] + own + links))
        #expect(self.services["tracker-2-net"]?["network_mode"] == "service:tracker-2")
        #expect(self.words("tracker-2-net", "command").last == "${OPSLAB_SOCKETS}/n/tracker-2.sock")
        #expect(self.words("tracker-2-net", "volumes").count == 2)
    }

    @Test func aServiceKeepsWhatItSaysAndGetsALabsNames() {
        #expect(self.services["desk"]?["restart"] == "always")
        #expect(self.services["tracker-1"]?["restart"] == nil)
        #expect(self.services["tracker-2"]?["container_name"] == "${OPSLAB_PREFIX}tracker-2")
        #expect(self.services["tracker-2"]?["networks"]?["target"]?["aliases"]?[0] == "tracker")
        #expect(self.words("tracker-1", "ports") == ["127.0.0.1:32001:8090"])
        #expect(self.words("digest", "command") == ["python3", "/app/digest.py"])
        #expect(self.services["carrier-b"]?["environment"]?["DELAY"] == "0.04")
        #expect(self.services["tracker-1"]?["deploy"] == nil)
        #expect(self.services["tracker-1"]?["depends_on"] == nil)
    }

    @Test func aServiceWritesNowhereButInTheLab() {
        let mounts = self.words("tracker-1", "volumes")
        #expect(mounts.contains("\(self.sample.directory)/services:/app:ro"))
        #expect(mounts.contains("${OPSLAB_HOME}/target/config/parcels.env:/etc/parcels/parcels.env:ro"))
        #expect(mounts.contains("${OPSLAB_HOME}/target/var:/srv/var"))
        #expect(self.services["tracker-1"]?["user"] == "${OPSLAB_USER_TARGET}")
        #expect(self.words("tracker-1", "cap_drop") == ["ALL"])
    }

    @Test func theDatabaseIsTheLabsUnderTheNameThatTheApplicationKnows() {
        #expect(self.services["depot"]?["image"] == "opslab/postgres:${OPSLAB_TAG}")
        #expect(self.words("depot", "ports") == ["127.0.0.1:${OPSLAB_PORT_DB}:5432"])
        #expect(self.words("depot", "volumes").contains { $0.hasSuffix("/target/log/depot.log") })
    }

    @Test func whatAServiceLeavesToItsImageIsTakenFromThere() {
        let entry = ApplicationPlan.Entry(entrypoint: ["/entry"], command: ["serve"])
        let entries = ["tool:1": entry]
        let plan = self.sample.plan
        #expect(plan.words(of: ["image": "tool:1"], entries) == ["/entry", "serve"])
        #expect(plan.words(of: ["image": "tool:1", "command": ["other"]], entries) == ["/entry", "other"])
        #expect(plan.words(of: ["image": "tool:1", "entrypoint": "a 'b c'"], entries) == ["a", "b c"])
        #expect(plan.words(of: ["image": "tool:${TAG:-1}"], entries) == ["/entry", "serve"])
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  a\t'b c' ", ["a", "b c"]), (#"a\ b "c \" d""#, ["a b", "c \" d"]), ("''", [""]),
        ("", []),
    ])
    func commandsAreSplitAsAShellWould(_ text: String, _ words: [String]) {
        #expect(ShellWords.split(text) == words)
    }

    @Test func mountsAreReadInBothForms() {
        #expect(ApplicationMount("./a:/b:ro")?.path(in: "/x/y") == "/x/y/a")
        #expect(ApplicationMount("../a:/b")?.path(in: "/x/y") == "/x/a")
        #expect(ApplicationMount("data:/b")?.isBind == false)
        #expect(
            ApplicationMount(["type": "bind", "source": "/a", "target": "/b", "read_only": true])?.isReadOnly == true
        )
        #expect(ApplicationMount("${UNKNOWN}:/b") == nil)
        #expect(ApplicationMount(["type": "tmpfs", "target": "/b"]) == nil)
    }
}
