// Judges PDF files with the veraPDF library: java -cp VERAPDF_JAR VeraPdfCheck.java FILE…
// Prints "FILE<TAB>PROFILE<TAB>pass|fail<TAB>ASSERTIONS" and, for each failed rule, its clause and what is wrong; exits 1 if any failed.
// The profiles are read with the JDK's own XML parser: the library's way needs JAXB, which recent Java no longer has.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.ProfileDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Reference;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

public class VeraPdfCheck {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean allPass = true;
        for (String name : new String[] {"PDFA-2A", "PDFUA-1"}) {
            ValidationProfile profile = profile(name);
            for (String file : files) {
                allPass &= judge(file, name, profile);
            }
        }
        System.exit(allPass ? 0 : 1);
    }

    static boolean judge(String file, String name, ValidationProfile profile) throws Exception {
        try (InputStream pdf = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(pdf, profile.getPDFAFlavour());
                PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, 100, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println(file + "\t" + name + "\t" + (result.isCompliant() ? "pass" : "fail") + "\t" + result.getTotalAssertions());
            for (TestAssertion fault : result.getTestAssertions()) {
                if (fault.getStatus() == TestAssertion.Status.FAILED) {
                    RuleId rule = fault.getRuleId();
                    System.out.println("  " + rule.getClause() + "-" + rule.getTestNumber() + " " + fault.getMessage());
                }
            }
            return result.isCompliant();
        }
    }

    static ValidationProfile profile(String name) throws Exception {
        Element root;
        try (InputStream xml = Foundries.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml")) {
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml).getDocumentElement();
        }
        Set<Rule> rules = new HashSet<>();
        for (Element rule : children(only(root, "rules"), "rule")) {
            Element id = only(rule, "id");
            Element error = only(rule, "error");
            List<ErrorArgument> arguments = new ArrayList<>();
            for (Element argument : children(only(error, "arguments"), "argument")) {
                String shown = argument.hasAttribute("name") ? argument.getAttribute("name") : null;
                arguments.add(org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl.fromValues(argument.getTextContent(), shown, null));
            }
            ErrorDetails details = Profiles.errorFromValues(text(error, "message"), arguments);
            RuleId ruleId = Profiles.ruleIdFromValues(PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
            Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
            rules.add(Profiles.ruleFromValues(ruleId, rule.getAttribute("object"), deferred, rule.getAttribute("tags"),
                text(rule, "description"), text(rule, "test"), details, new ArrayList<Reference>()));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element v : children(only(root, "variables"), "variable")) {
            variables.add(Profiles.variableFromValues(v.getAttribute("name"), v.getAttribute("object"), text(v, "defaultValue"), text(v, "value")));
        }
        ProfileDetails details = Profiles.profileDetailsFromValues(name, name, "veraPDF Consortium", new Date(0));
        return Profiles.profileFromValues(PDFAFlavour.valueOf(root.getAttribute("flavour")), details, "", rules, variables);
    }

    static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element && node.getNodeName().equals(name)) {
                found.add((Element) node);
            }
        }
        return found;
    }

    static Element only(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? null : found.get(0);
    }

    static String text(Element parent, String name) {
        Element found = only(parent, name);
        return found == null ? "" : found.getTextContent();
    }
}
