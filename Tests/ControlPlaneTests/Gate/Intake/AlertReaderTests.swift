import OpsModel
import OpsSpec
import OpsSystem
import Testing

@testable import ControlPlane

/// What an alert says of a system, and what it says that is none of it.
@Suite struct AlertReaderTests {
    private let reader = AlertReader(journeys: ["checkout"], components: ["cache", "api", "api-1"])

    private func alert(
        _ labels: [String: String],
        _ annotations: [String: String] = [:],
        _ status: PageStatus = .firing
    ) -> AlertmanagerMessage.Alert {
        AlertmanagerMessage.Alert(
            status: status,
            labels: labels,
            annotations: annotations,
            startsAt: Timestamp(secondsSinceEpoch: 1_800_000_000),
            endsAt: Timestamp(secondsSinceEpoch: -62_135_596_800),  // Alertmanager's "not yet"
            fingerprint: "0123456789abcdef"
        )
    }

    @Test func aJourneyOfTheSystemIsTakenAsItIs() throws {
        let words = ["summary": "checkout burns", "good_ratio": "0.58", "objective": "0.99", "burn": "42"]
        let page = try reader.page(alert(["alertname": "Burn", "journey": "checkout", "severity": "page"], words))
        #expect(page.journey == "checkout" && page.component == nil && page.severity == "page")
        #expect(page.summary == "checkout burns")
        #expect(page.goodRatio == 0.58 && page.objective == 0.99 && page.burn == 42)
        #expect(page.endedAt == nil && page.status == .firing)
    }

    @Test(arguments: ["cache", "api", "api-1"])
    func aComponentOrItsInstanceNeedsNoJourney(_ name: String) throws {
        let page = try reader.page(alert(["alertname": "Full", "component": name, "severity": "ticket"]))
        #expect(page.journey.isEmpty && page.component == name && page.severity == "ticket")
        #expect(page.summary == "Full: \(name)")
    }

    @Test func whatTheSystemDoesNotHaveIsSaid() throws {
        let strange = try reader.page(alert(["alertname": "Full", "component": "disk-9"], ["summary": "no room"]))
        #expect(strange.component == "disk-9")
        #expect(strange.summary == "no room (the topology has no component disk-9)")
        let journey = try reader.page(alert(["journey": "refund", "component": "cache"]))
        #expect(journey.summary == "an alert without a name: refund (the topology has no journey refund)")
        let nothing = try reader.page(alert(["alertname": "Watchdog", "component": ""]))
        #expect(nothing.component == nil && nothing.journey.isEmpty)
        #expect(nothing.summary == "Watchdog (the alert names neither journey nor component)")
    }

    @Test func foreignWordsAreCutAndKeptApartFromWhatTheGateSays() throws {
        let long = String(repeating: "é", count: 10_000)
        let page = try reader.page(alert(["component": long, "severity": long], ["summary": long]))
        #expect(page.component?.unicodeScalars.count == 200 && page.severity.unicodeScalars.count == 200)
        #expect(page.summary.utf8.count <= RecordBounds.text)
        #expect(page.summary.contains("é… (the topology has no component é"))
    }

    /// PostgreSQL has no character 0, and JSON no number that is none.
    @Test func whatNobodyCanKeepIsLeftOut() throws {
        let words = ["summary": "a\u{0}b\u{1B}[2K", "good_ratio": "nan", "burn": "inf", "objective": "most"]
        let page = try reader.page(alert(["journey": "check\u{0}out"], words))
        #expect(page.journey == "check\u{FFFD}out")
        #expect(page.summary.hasPrefix("a\u{FFFD}b\u{1B}[2K"), "shown safely by whoever shows it")
        #expect(page.goodRatio == nil && page.burn == nil && page.objective == nil)
    }

    @Test(arguments: ["", "a b", "é", "'; --", String(repeating: "a", count: 65)])
    func aFingerprintIsAName(_ mark: String) {
        var bad = alert(["journey": "checkout"])
        bad.fingerprint = mark
        #expect(throws: GateRefusal.self) { try reader.page(bad) }
    }

    @Test(arguments: [-1.0, 7_258_118_400, -62_135_596_800])
    func anAlertBeginsInOurTimes(_ seconds: Double) {
        var bad = alert(["journey": "checkout"])
        bad.startsAt = Timestamp(secondsSinceEpoch: seconds)
        #expect(throws: GateRefusal.self) { try reader.page(bad) }
    }

    @Test func theShopsTopologyIsKnown() throws {
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<4 { root = FileSystem.parent(of: root) }
        let shop = AlertReader(try Topology.load("\(root)/compose/topology.yaml"))
        for name in ["db", "payments", "cache", "api-2"] {
            #expect(try shop.page(alert(["alertname": "A", "component": name])).summary == "A: \(name)")
        }
    }
}
