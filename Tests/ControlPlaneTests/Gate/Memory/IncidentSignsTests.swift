import OpsModel
import Testing

@testable import ControlPlane

@Suite struct IncidentSignsTests {
    private func answer(_ read: String, _ component: String?, _ value: JSONValue, rows: [JSONValue] = []) -> ReadAnswer
    {
        ReadAnswer(read: read, component: component, status: .ok, value: value, rows: rows)
    }

    private let page = Page(fingerprint: "f", journey: "checkout", status: .firing, summary: "", startedAt: .now())

    @Test func whatIsAsItShouldBeIsNoSign() {
        let well = [
            answer("process.state", "api", "running"), answer("probe.result", "db", "ok"),
            answer("pg.blockers", "db", 0),
            answer("log.new_templates", "api", 0), answer("pg.rows", "db", 12),
        ]
        #expect(IncidentSigns(pages: [page], evidence: well).words == ["page checkout"])
    }

    @Test func onlyTheFirstLookCounts() {
        let evidence = [answer("process.state", "api", "absent"), answer("process.state", "api", "running")]
        #expect(IncidentSigns(pages: [], evidence: evidence).words == ["process.state api absent"])
        let late = [answer("process.state", "api", "running"), answer("process.state", "api", "absent")]
        #expect(IncidentSigns(pages: [], evidence: late).words.isEmpty)
    }

    @Test func likenessIsWhatBothHaveOfWhatEitherHas() {
        let first = IncidentSigns(["a", "b", "c"])
        #expect(first.likeness(to: IncidentSigns(["b", "c", "d"])) == 0.5)
        #expect(first.likeness(to: first) == 1)
        #expect(first.likeness(to: IncidentSigns(["x"])) == 0)
        #expect(IncidentSigns([String]()).likeness(to: IncidentSigns([String]())) == 0)
    }
}
