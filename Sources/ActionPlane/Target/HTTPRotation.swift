import OpsHTTP
import OpsModel

/// The rotation of a component that answers `GET /instances` and `POST` and `DELETE /instances/{name}/drain`.
struct HTTPRotation: Rotation {
    /// One instance as the list shows it.
    private struct Entry: Decodable {
        var name: String
        var state: String
    }

    private let door: TargetDoor

    init(url: String, keyFile: String) { door = TargetDoor(url: url, keyFile: keyFile) }

    func places() async throws(ActionError) -> [String: RotationPlace] {
        let entries: [Entry]
        do {
            entries = try await door.ask("/instances", as: [Entry].self)
        } catch {
            throw ActionError(.targetUnreadable, "the instances in the rotation cannot be asked for: \(error)")
        }
        let known = entries.compactMap { entry in RotationPlace(rawValue: entry.state).map { (entry.name, $0) } }
        return Dictionary(known) { first, _ in first }
    }

    func set(_ instance: String, isDraining: Bool) async throws(ActionError) {
        let path = "/instances/\(instance)/drain"
        try await door.change(isDraining ? .post : .delete, path, isDraining ? [:] : nil, "the rotation")
    }
}
