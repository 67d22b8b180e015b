import OpsModel
import OpsSpec
import OpsSystem

@testable import OpsRuntime

/// The sample of the repository as a lab reads it.
struct SampleApplication {
    let root: String
    let plan: ApplicationPlan

    init() throws {
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<3 { root = FileSystem.parent(of: root) }
        self.root = root
        let sample = "\(root)/compose/samples/parcels"
        self.plan = try ApplicationPlan(topology: "\(sample)/topology.yaml", compose: "\(sample)/compose.yaml")
            .publishing([32_001, 32_002, 32_003, 32_004, 32_005])
    }

    var directory: String { "\(self.root)/compose/samples/parcels" }

    /// The services of the file that Compose is given.
    func services() throws -> [String: JSONValue] {
        let lab = try ComposeDocument.load("\(self.root)/compose/compose.yaml")
        let text = try ApplicationComposeFile(plan: self.plan, lab: lab, entries: [:]).text()
        return try OpsJSON.decode(JSONValue.self, from: text.utf8)["services"]?.objectValue ?? [:]
    }
}
