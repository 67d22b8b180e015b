import OpsRuntime

/// A lab and its programs as scripts read them.
struct LabReport: Encodable {
    var instance: String
    var home: String
    var instanceID: String?
    var isolation: String?
    var isUp: Bool
    var programs: [Lab.Status]

    enum CodingKeys: String, CodingKey {
        case instance
        case home
        case instanceID = "instance_id"
        case isolation
        case isUp = "up"
        case programs
    }

    /// What the lab remembers about itself, and what its programs do; none of them means that it is down.
    init(_ lab: Lab, _ programs: [Lab.Status]) {
        self.instance = lab.name.text
        self.home = lab.layout.home
        self.instanceID = lab.record?.instanceID
        self.isolation = lab.record?.isolation.rawValue
        self.isUp = !programs.isEmpty
        self.programs = programs
    }
}
