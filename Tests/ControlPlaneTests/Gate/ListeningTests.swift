import OpsModel
import Testing

@testable import ControlPlane

@Suite("Who could not be heard was not silent")
struct ListeningTests {
    private let start = IncidentStory.start

    @Test("A gate that looks all the time has listened since it began")
    func awake() {
        var listening = Listening(from: start)
        for tick in 1...40 { listening.look(at: start + Double(tick) * 0.5) }
        #expect(listening.since == start)
    }

    @Test("A gate that was held still, or whose clock was set, begins anew", arguments: [30.0, 3_600.0, -3_600.0])
    func away(_ seconds: Double) {
        var listening = Listening(from: start)
        listening.look(at: start + 0.5)
        listening.look(at: start + seconds)
        #expect(listening.since == start + seconds)
    }

    @Test("An agent keeps its claim while the gate was held still for longer than its lease")
    func keepsItsClaim() throws {
        let record = try IncidentStory.claimed()
        var listening = Listening(from: start)
        listening.look(at: start + 1)
        listening.look(at: start + 60)
        let machine = IncidentStory.machine(record, after: 60)
        #expect(machine.released(listeningSince: listening.since) == nil)
        #expect(machine.released(listeningSince: start) != nil, "without that it would have lost it")
    }
}
