import OpsModel
import OpsSystem

/// Something that is done to one direction of a proxy's connections, under a name, until its time is over.
struct Toxic: Hashable, Sendable {
    enum Stream: String, Hashable, Sendable { case upstream, downstream }

    var name: String
    var stream: Stream
    /// The share of the connections that have it, from 0 to 1.
    var toxicity: Double
    var effect: ToxicEffect
    /// When the proxy forgets it, in nanoseconds of the boot clock.
    var expires: UInt64
    /// Told apart from what had this name before; a change of the effect begins anew.
    var revision: Int

    /// As toxiproxy 2 writes it, with the time that is left beside.
    func json(at now: UInt64) -> JSONValue {
        [
            "name": .string(self.name), "type": .string(self.effect.type), "stream": .string(self.stream.rawValue),
            "toxicity": .double(self.toxicity), "attributes": .object(self.effect.attributes),
            "ttl_s": .double(((self.expires > now ? Double(self.expires - now) / 1e9 : 0) * 10).rounded() / 10),
        ]
    }
}

/// What a request says of a toxic; nil for what it does not mention.
struct ToxicRequest: Sendable {
    var name: String?
    var type: String?
    var stream: Toxic.Stream?
    var toxicity: Double?
    var attributes: [String: JSONValue] = [:]
    var ttlS: Double?

    /// - Throws: `bad_parameter` for what has another shape; members that toxiproxy's clients may send beside are let pass.
    init(_ document: JSONValue) throws(ChaosError) {
        func wrong(_ what: String) -> ChaosError { ChaosError(.badParameter, what) }
        guard let members = document.objectValue else { throw wrong("expected an object") }
        if let name = members["name"], name != .null {
            guard let text = name.stringValue, ProxyRequest.isName(text) else { throw wrong(ProxyRequest.nameRule) }
            self.name = text.isEmpty ? nil : text
        }
        self.type = members["type"]?.stringValue
        if let stream = members["stream"]?.stringValue, !stream.isEmpty {
            guard let known = Toxic.Stream(rawValue: stream) else { throw wrong("stream: upstream or downstream") }
            self.stream = known
        }
        if let toxicity = members["toxicity"] {
            guard let share = toxicity.doubleValue, (0...1).contains(share) else {
                throw wrong("toxicity: expected a number from 0 to 1")
            }
            self.toxicity = share
        }
        if let attributes = members["attributes"], attributes != .null {
            guard let values = attributes.objectValue else { throw wrong("attributes: expected an object") }
            self.attributes = values
        }
        if let ttl = members["ttl_s"] {
            guard let seconds = ttl.doubleValue, seconds > 0 else { throw wrong("ttl_s: expected seconds above 0") }
            self.ttlS = seconds
        }
    }
}
