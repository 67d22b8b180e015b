import OpsModel
import OpsScenario
import OpsSystem

/// The four files of a comparison: for programs, for continuous integration, for a pull request, and for a browser.
struct ComparisonFiles {
    var directory: String

    /// Writes all four and gives the path of the page.
    func write(_ comparison: Comparison) throws -> String {
        try FileSystem.makeDirectory(directory, mode: 0o700)
        let page = "\(directory)/comparison.html"
        let files = [
            ("\(directory)/comparison.json", try OpsJSON.encode(comparison, pretty: true)),
            ("\(directory)/junit.xml", Array(JUnitReport(comparison: comparison).xml.utf8)),
            ("\(directory)/comparison.md", Array(ComparisonMarkdown(comparison: comparison).text.utf8)),
            (page, Array(ComparisonPage(comparison: comparison).html.utf8)),
        ]
        for (path, bytes) in files { try FileSystem.writeAtomically(bytes, to: path, mode: 0o600) }
        return page
    }
}
