import OpsHTTP
import OpsModel
import OpsRuntime
import Testing

@testable import ControlPlane

@Suite struct UpReportTests {
    @Test("What `up` prints is what `status` prints, and how the start went")
    func holdsTheLab() throws {
        let bench = try CommandLineBench()
        let lab = try Lab(InstanceName("lab1"), locator: bench.locator, http: HTTPClient())
        let web: JSONValue = [
            "program": "web", "half": "target", "state": "running", "url": "http://127.0.0.1:8000",
        ]
        let status = LabReport(lab, [try web.decoded(as: Lab.Status.self)])
        let known = try #require(try JSONValue(encoding: status).objectValue)
        #expect(known["instance"] == "lab1" && known["home"] == .string(lab.layout.home) && known["up"] == true)
        #expect(known["programs"] == [web])

        var told = try #require(try JSONValue(encoding: UpReport(lab: status, wasUp: true, tookS: 1.5)).objectValue)
        #expect(told.removeValue(forKey: "was_up") == true)
        #expect(told.removeValue(forKey: "took_s") == 1.5)
        #expect(told == known)
    }

    @Test("A lab without programs is down")
    func down() throws {
        let bench = try CommandLineBench()
        let lab = try Lab(InstanceName("lab1"), locator: bench.locator, http: HTTPClient())
        let report = try JSONValue(encoding: LabReport(lab, []))
        #expect(report["up"] == false && report["programs"] == [] && report["isolation"] == nil)
    }
}
