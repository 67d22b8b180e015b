import OpsHTTP
import OpsModel

/// The floodgate of a component that answers `GET` and `PUT /shedding` and `DELETE /shedding/{id}`.
struct HTTPFloodgate: Floodgate {
    private let door: TargetDoor

    init(url: String, keyFile: String) { self.door = TargetDoor(url: url, keyFile: keyFile) }

    func look() async throws(ActionError) -> FloodgateState {
        do {
            return try await self.door.ask("/shedding", as: FloodgateState.self)
        } catch {
            throw ActionError(.targetUnreadable, "what is turned away cannot be asked for: \(error)")
        }
    }

    func begin(_ order: FloodgateOrder) async throws(ActionError) {
        let body: JSONValue = [
            "id": .string(order.id), "routes": .array(order.routes.map { .string($0) }), "ratio": .double(order.ratio),
            "for_s": .double(order.forS), "ramp_s": .double(order.rampS),
        ]
        try await self.door.change(.put, "/shedding", body, "what is turned away")
    }

    func end(_ id: String) async throws(ActionError) {
        try await self.door.change(.delete, "/shedding/\(id)", nil, "what is turned away")
    }
}
